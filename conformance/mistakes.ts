// The fifteen mistakes that people make first, E1 to E15: what each is answered.
import assert from 'node:assert/strict'
import { type Answered, type MistakeStage, openMistakeStage } from './mistake-stage.ts'

/** A mistake, and what its answer must say. */
export interface Mistake {
  id: string
  name: string
  /** Makes the mistake, in each of its forms. */
  send: (stage: MistakeStage) => Promise<Answered[]>
  status: number
  /** `error` of RFC 6749, or the last part of `type`. */
  code: string
  /** Words of the answer that say what is wrong. */
  cause: RegExp
  /** Words of the answer that say what to do. */
  fix: RegExp
  /** Words of the linked page; left out: the code. For a page of the dashboard its address is looked at. */
  about?: RegExp
}

export interface MistakeResult {
  id: string
  name: string
  /** What is missing, a sentence each; empty: the answer names cause and fix, and its link is alive. */
  missed: string[]
}

const grant = 'grant_type=client_credentials'
const secretLike = 'x'.repeat(43)

export const mistakes: readonly Mistake[] = [
  {
    ...{ id: 'E1', name: 'no or broken client authentication', status: 401, code: 'invalid_client' },
    send: async (stage) => [
      await stage.askToken(`${grant}&scope=event`, { authorization: null }),
      await stage.askToken(`${grant}&scope=event`, { authorization: 'Basic not-base64' }),
    ],
    ...{ cause: /^No usable client authentication/, fix: /Send HTTP Basic .* or use curl -u/ },
  },
  {
    ...{ id: 'E2', name: 'a wrong, revoked or unknown secret', status: 401, code: 'invalid_client' },
    send: async (stage) => [
      await stage.askToken(`${grant}&scope=event`, { secret: 'wrong' }),
      await stage.askToken(`${grant}&scope=event`, { secret: `${stage.client.clientSecret}\n` }),
    ],
    ...{ cause: /do not match an active client/, fix: /Check for a trailing newline .* reason in Logs/ },
  },
  {
    ...{ id: 'E3', name: 'the body of the old documentation', status: 400, code: 'invalid_request' },
    send: async (stage) => [
      await stage.askToken(`${grant}\nscope=document_read`),
      await stage.askToken(`${grant}\r\nscope=document_read`),
    ],
    ...{
      cause: /has a line break between grant_type and scope/,
      fix: /Join them with an ampersand: grant_type=/,
    },
  },
  {
    ...{ id: 'E4', name: 'a JSON body', status: 400, code: 'invalid_request' },
    send: async (stage) => [
      await stage.askToken('{"grant_type":"client_credentials"}', { type: 'application/json' }),
      await stage.askToken('{"grant_type":"client_credentials"}'),
    ],
    ...{ cause: /^The body is JSON/, fix: /Send it as application\/x-www-form-urlencoded/ },
  },
  {
    ...{ id: 'E5', name: 'another grant', status: 400, code: 'unsupported_grant_type' },
    send: async (stage) => [await stage.askToken('grant_type=password&username=ada&password=x')],
    ...{ cause: /Only client_credentials/, fix: /Only client_credentials is offered here/ },
  },
  {
    ...{ id: 'E6', name: 'an unknown scope', status: 400, code: 'invalid_scope' },
    send: async (stage) => [await stage.askToken(`${grant}&scope=documents_read`)],
    ...{
      cause: /^Unknown scope documents_read/,
      fix: /Did you mean document_read\? All scopes: \/docs\/scopes/,
    },
    about: /id="document_read"/,
  },
  {
    ...{ id: 'E7', name: 'a scope that the client was not given', status: 400, code: 'invalid_scope' },
    send: async (stage) => [await stage.askToken(`${grant}&scope=document_write`)],
    ...{
      cause: /^This client may not request document_write/,
      fix: /Add it under Account, API Clients, Edit/,
    },
    about: /\/edit\?advanced=1&scope=document_write#scopes$/,
  },
  {
    ...{ id: 'E8', name: 'a client without scopes', status: 400, code: 'invalid_scope' },
    send: async (stage) => [
      await stage.askToken(`${grant}&scope=document_read`, { client: await stage.makeClient([]) }),
    ],
    ...{ cause: /^This client has no scopes yet/, fix: /Open Edit, Show advanced settings and select/ },
    about: /\/edit\?advanced=1/,
  },
  {
    ...{ id: 'E9', name: 'an API without a token', status: 401, code: 'missing_token' },
    send: async (stage) => [await stage.call('/notification/events', undefined)],
    ...{ cause: /^No access token in the request/, fix: /Send Authorization: Bearer TOKEN/ },
  },
  {
    ...{ id: 'E10', name: 'an expired token', status: 401, code: 'invalid_token' },
    send: async (stage) => [await stage.call('/notification/events', `Bearer ${await stage.expiredToken()}`)],
    ...{ cause: /^The token expired 42 seconds ago/, fix: /Request a new one and reuse it/ },
  },
  {
    ...{ id: 'E11', name: 'a secret or an id in place of the token', status: 401, code: 'invalid_token' },
    send: async (stage) => {
      const presented = [`Bearer ${stage.client.clientSecret}`, `Bearer ${secretLike}`]
      return Promise.all(presented.map((value) => stage.call('/notification/events', value)))
    },
    ...{
      cause: /looks like a client secret, not an access token/,
      fix: /Exchange it at \/oauth\/connect\/token/,
    },
  },
  {
    ...{ id: 'E12', name: 'a test token at an API of production', status: 401, code: 'invalid_token' },
    send: async (stage) => [await stage.callProductionApi(await stage.token('order_read'))],
    ...{ cause: /This is a test token/, fix: /Use a production client/ },
  },
  {
    ...{ id: 'E13', name: 'a token without the scope', status: 403, code: 'insufficient_scope' },
    send: async (stage) => [await stage.call('/signature/documents', `Bearer ${await stage.token('event')}`)],
    ...{
      cause: /^This call needs document_read\. Your token has event/,
      fix: /Add the scope to the client, save/,
    },
  },
  {
    ...{ id: 'E14', name: 'a token for each call', status: 429, code: 'rate_limited' },
    send: async (stage) => [await stage.exhaustQuota()],
    ...{
      cause: /\d+ token requests in a minute for \d+ API calls/,
      fix: /Reuse the token: .* See \/docs\/reuse/,
    },
    about: /Reuse the token/,
  },
  {
    ...{ id: 'E15', name: 'the database is away', status: 503, code: 'temporarily_unavailable' },
    send: async (stage) => [await stage.callWithoutDatabase()],
    ...{
      cause: /cannot reach its database/,
      fix: /Nothing was changed\. Retry after the time in Retry-After/,
    },
  },
]

/**
 * Makes every mistake against real servers.
 * @returns what each answer misses, in the order of the table.
 */
export async function checkMistakes(): Promise<MistakeResult[]> {
  const stage = await openMistakeStage()
  try {
    const results: MistakeResult[] = []
    for (const mistake of mistakes) {
      const { id, name } = mistake
      results.push({ id, name, missed: await missedBy(mistake, stage) })
    }
    return results
  } finally {
    await stage.close()
  }
}

async function missedBy(mistake: Mistake, stage: MistakeStage): Promise<string[]> {
  try {
    const answers = await mistake.send(stage)
    assert.ok(answers.length > 0)
    for (const answer of answers) await checkAnswer(mistake, answer)
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

async function checkAnswer({ status, code, cause, fix, about }: Mistake, answer: Answered): Promise<void> {
  const { body, headers } = answer
  assert.equal(answer.status, status)
  const isProblem = typeof body.type === 'string'
  assert.equal(isProblem ? String(body.type).split('/').pop() : body.error, code)
  const text = String(isProblem ? body.detail : body.error_description)
  assert.match(text, cause)
  assert.match(text, fix)
  // RFC 6749 §5.2: its characters. No line is longer than what one reads.
  assert.match(text, /^[\x20\x21\x23-\x5B\x5D-\x7E]{1,240}$/)
  if (status === 429 || status === 503) assert.match(headers.get('retry-after') ?? '', /^\d+$/)
  if (answer.isOurs) assert.match(headers.get('request-id') ?? '', /^req_/)
  const links = [isProblem ? body.type : body.error_uri, body.fixUrl].filter((link) => link !== undefined)
  assert.ok(links.length > 0, 'the answer has no link')
  for (const link of links.map(String)) await checkLink(link, code, about)
}

/** A page of the documentation speaks of it; a page of the dashboard says in its address what is to be mended. */
async function checkLink(link: string, code: string, about: RegExp | undefined): Promise<void> {
  const page = await fetch(link, { headers: { accept: 'text/html' } })
  assert.equal(page.status, 200, `${link} is not alive`)
  const isDocs = new URL(link).pathname.startsWith('/docs/')
  assert.match(
    isDocs ? await page.text() : link,
    isDocs ? (about ?? new RegExp(code)) : (about ?? /\/edit\?/),
  )
}
