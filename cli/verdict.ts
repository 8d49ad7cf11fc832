// What a pasted text is, and what is wrong with it, without asking any server.
import { createHash } from 'node:crypto'
import { readToken, type TokenFacts } from './tokens.ts'

export interface Verdict {
  /** Whether an API would have a reason to take it. */
  good: boolean
  kind: 'access_token' | 'secret' | 'client_id' | 'basic' | 'unknown'
  /** In a sentence. */
  verdict: string
  facts: [string, string][]
  /** What to do. */
  steps: string[]
}

/** @param url of the Latchkey that is meant. */
export function judgeText(text: string, url: string, nowMs: number): Verdict {
  if (text.startsWith('lk_')) return judgeSecret(text)
  if (/^basic +/i.test(text))
    return {
      ...{ good: false, kind: 'basic', facts: [] },
      verdict: 'This is HTTP Basic: a client id and its secret, only written otherwise.',
      steps: ['An API takes an access token. Exchange id and secret for one: latchkey token.'],
    }
  if (/^(?:test|prod)-[a-z]+-[a-z]+-\d+$/.test(text))
    return {
      ...{ good: false, kind: 'client_id', facts: [] },
      verdict: `This is the id of a ${text.startsWith('prod-') ? 'production' : 'test'} client, which is no secret and opens nothing.`,
      steps: [`latchkey clients show ${text} shows the client.`, 'latchkey token gets an access token.'],
    }
  const facts = readToken(text)
  return facts ? judgeToken(facts, url, nowMs) : judgeUnknown(text)
}

function judgeSecret(text: string): Verdict {
  const [, prefix, id] = /^lk_(test|prod)_([A-Za-z0-9]{8})_/.exec(text) ?? []
  const isWhole =
    /^lk_(?:test|prod)_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{49}$/.test(text) &&
    text.endsWith(createHash('sha256').update(text.slice(0, -6)).digest('base64url').slice(0, 6))
  const environment = prefix === 'prod' ? 'production' : 'test'
  return {
    good: false,
    kind: 'secret',
    verdict: isWhole
      ? `This is a client secret for ${environment}, not an access token.`
      : 'This begins like a client secret, but its checksum does not hold: it was cut, changed or mistyped.',
    facts:
      id === undefined
        ? []
        : [
            ['Secret', `sec_${id}`],
            ['Environment', environment],
          ],
    steps: isWhole
      ? [
          'Exchange it for an access token: latchkey token.',
          'If anybody else has seen it, rotate it: latchkey clients rotate CLIENT_ID.',
        ]
      : [
          'Copy it again, whole and without a line break. If it is lost, make another: latchkey clients rotate CLIENT_ID.',
        ],
  }
}

function judgeUnknown(text: string): Verdict {
  const parts = text.split('.').length
  const isCut = text.startsWith('eyJ')
  return {
    ...{ good: false, kind: 'unknown', facts: [['Length', `${text.length} characters`]] },
    verdict: isCut
      ? `This begins like an access token, but ${parts === 3 ? 'a part of it cannot be read' : `has ${parts} of 3 parts`}: it was cut or changed.`
      : 'This is no access token of Latchkey, no secret and no client id.',
    steps: [
      isCut
        ? 'Copy the whole token, without line breaks.'
        : 'Is it of another system? latchkey token gets one of this.',
    ],
  }
}

function judgeToken(facts: TokenFacts, url: string, nowMs: number): Verdict {
  const problems = problemsOf(facts, url, nowMs)
  const [first] = problems
  const { expiresAt, issuedAt } = facts
  const shown: [string, string | undefined][] = [
    ['Issuer', facts.issuer],
    ['Audience', facts.audience.join(' ')],
    ['Client', facts.clientId],
    ['Environment', facts.environment],
    ['Scopes', facts.scopes.join(' ')],
    ['Issued', issuedAt === undefined ? undefined : iso(issuedAt)],
    ['Expires', expiresAt === undefined ? undefined : iso(expiresAt)],
    ['Bound to', facts.boundTo],
    ['Token id', facts.id],
  ]
  return {
    good: problems.length === 0,
    kind: 'access_token',
    verdict:
      first?.text ??
      `By its own words this token is good for another ${span((expiresAt ?? 0) * 1000 - nowMs)}.`,
    facts: shown.map(([name, value]) => [name, value || '-']),
    steps: [
      ...problems.slice(1).map(({ text }) => text),
      ...problems.map(({ step }) => step),
      'Its signature was not verified, and whether it was revoked is not known here: this verdict asks no server.',
    ],
  }
}

interface TokenProblem {
  text: string
  step: string
}

function problemsOf(facts: TokenFacts, url: string, nowMs: number): TokenProblem[] {
  const { issuer, expiresAt, issuedAt, type, algorithm, environment, audience, boundTo } = facts
  const leftMs = (expiresAt ?? 0) * 1000 - nowMs
  const audienceOfTest = audience.some((entry) => entry === `${url}/test`)
  const problem = (isSo: boolean, text: string, step: string) => (isSo ? [{ text, step }] : [])
  return [
    ...problem(
      algorithm === 'none' || algorithm === undefined,
      'This token is not signed.',
      'Get one from the token endpoint: latchkey token.',
    ),
    // RFC 9068 §2.1.
    ...problem(
      type?.toLowerCase().replace('application/', '') !== 'at+jwt',
      `This is a JSON Web Token, but no access token: its type is ${type ?? 'not given'}.`,
      'An ID token or a client assertion opens no API. Get an access token: latchkey token.',
    ),
    ...problem(
      issuer !== `${url}/oauth`,
      `It was issued by ${issuer ?? 'nobody'}, and you are asking about ${url}.`,
      'Name the other Latchkey with --url, or get a token of this one.',
    ),
    ...problem(expiresAt === undefined, 'It does not say when it expires.', 'Get a new one: latchkey token.'),
    ...problem(
      expiresAt !== undefined && leftMs <= 0,
      `It expired ${span(-leftMs)} ago.`,
      'Get a new one, and reuse it until shortly before expires_in runs out: latchkey token.',
    ),
    ...problem(
      issuedAt !== undefined && issuedAt * 1000 > nowMs + 60_000,
      'It is issued in the future: the clock of this machine is behind.',
      'Set the clock; with NTP it stays right.',
    ),
    ...problem(
      issuer === `${url}/oauth` &&
        environment !== undefined &&
        audienceOfTest !== (environment === 'test') &&
        audience.some((entry) => entry.startsWith(url)),
      `Environment (${environment}) and audience disagree.`,
      'No API takes it. Get a new one: latchkey token.',
    ),
    ...problem(
      boundTo !== undefined,
      `It is bound to a ${boundTo === 'dpop' ? 'DPoP key' : 'certificate'}: alone it opens nothing.`,
      boundTo === 'dpop'
        ? 'Send it as Authorization: DPoP with a proof (RFC 9449).'
        : 'Call with the same client certificate (RFC 8705).',
    ),
  ]
}

function iso(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
}

/** A time span as people say it. */
function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const
  const [size, name] = units.find(([unit]) => seconds >= unit * 2) ?? [1, 'second']
  const count = Math.floor(seconds / size)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
