// What answers where callers reach this deployment: its own server, or somebody else's.
import { connect } from 'node:tls'
import type { Database } from '../../database/tables.ts'
import { listKeys } from '../../oauth/key-store.ts'
import { issuerOf } from '../../oauth/metadata.ts'
import { signingNow } from '../../oauth/rotation.ts'
import { judgeDifference } from './check-clock.ts'
import { type Check, daysText, type Finding, failure, ok, warning } from './finding.ts'

const patienceMs = 5000
const dayMs = 86_400_000
/** Let's Encrypt renews at thirty days: whoever comes below has something that does not run. */
const soonMs = 21 * dayMs

export const checkAddress: Check = async ({ config, database, isMigrated }) => {
  const { publicUrl } = config
  const findings: Finding[] = publicUrl.startsWith('https:') ? [await checkTls(new URL(publicUrl))] : []
  const answer = await ask(`${publicUrl}/.well-known/oauth-authorization-server/oauth`)
  if (typeof answer === 'string') {
    const text = `Nothing answers at ${publicUrl} (${answer}).`
    const fix = 'Does the server run, and does the proxy reach it? Ask from where callers are, too.'
    return [...findings, config.production ? failure('address', text, fix) : warning('address', text, fix)]
  }
  findings.push(judgeIssuer(answer, publicUrl))
  const { date } = answer
  if (date !== undefined) findings.push(judgeDifference('that of what answers there', date - Date.now()))
  if (findings.every(({ state }) => state !== 'failure') && database && isMigrated)
    findings.push(await checkDeployment(publicUrl, database.db))
  return findings
}

interface Answered {
  status: number
  body: unknown
  /** What it says the time is. */
  date: number | undefined
}

/** @returns what went wrong, in a word, when there is no answer. */
async function ask(url: string): Promise<Answered | string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs), redirect: 'manual' })
    const date = Date.parse(response.headers.get('date') ?? '')
    const body: unknown = await response.json().catch(() => undefined)
    return { status: response.status, body, date: Number.isNaN(date) ? undefined : date }
  } catch (error) {
    return reasonOf(error)
  }
}

function judgeIssuer({ status, body }: Answered, publicUrl: string): Finding {
  const issuer = typeof body === 'object' && body !== null && 'issuer' in body ? body.issuer : undefined
  if (issuer === issuerOf(publicUrl)) return ok('address', `${issuer} answers as itself.`)
  return failure(
    'address',
    issuer === undefined
      ? `What answers at ${publicUrl} (status ${status}) is no authorization server.`
      : `What answers at ${publicUrl} calls itself ${issuer}.`,
    'LATCHKEY_PUBLIC_URL must be the address that callers use, the same on every node; the proxy must hand on all paths.',
  )
}

/** Two deployments may have changed places: the keys tell. */
async function checkDeployment(publicUrl: string, db: Database): Promise<Finding> {
  const answer = await ask(`${publicUrl}/oauth/jwks`)
  const key = signingNow(await listKeys(db), Date.now())
  if (!key || typeof answer === 'string') return ok('deployment', 'It has no key to be told by.')
  return JSON.stringify(answer.body).includes(JSON.stringify(key.id))
    ? ok('deployment', 'What answers there publishes the keys of this database.')
    : failure(
        'deployment',
        'What answers there publishes other keys than this database holds.',
        'Two deployments were confused: compare LATCHKEY_DATABASE_URL or LATCHKEY_DATA_DIR with those of the server.',
      )
}

function checkTls({ hostname, port }: URL): Promise<Finding> {
  const { promise, resolve } = Promise.withResolvers<Finding>()
  const socket = connect({ host: hostname, port: Number(port || 443), servername: hostname }, () => {
    const leftMs = Date.parse(socket.getPeerCertificate().valid_to) - Date.now()
    const text = `${socket.getProtocol()}; the certificate ends in ${daysText(leftMs)}.`
    socket.destroy()
    resolve(
      leftMs < soonMs
        ? warning('TLS', text, 'Renew the certificate; it should happen by itself before.')
        : ok('TLS', text),
    )
  })
  socket.setTimeout(patienceMs, () => socket.destroy(new Error('it says nothing')))
  socket.once('error', (error) =>
    resolve(
      failure(
        'TLS',
        `No good connection to ${hostname} (${reasonOf(error)}).`,
        'Callers need a certificate of a public authority for this name, with its chain.',
      ),
    ),
  )
  return promise
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return cause instanceof Error ? cause.name : 'no answer'
}
