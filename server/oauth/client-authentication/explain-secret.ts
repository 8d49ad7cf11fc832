import { type KeyObject, timingSafeEqual } from 'node:crypto'
import { type Client, type ClientSecret, isAlive } from '../../clients/client.ts'
import { hashSecret, isOurSecret, readSecret } from '../../clients/secret.ts'
import type { SecretOwner } from '../../clients/secret-owner.ts'
import { type Now, timeText } from '../../vocabulary/clock.ts'

export interface SecretExplanationOptions {
  pepper: KeyObject
  now: Now
  /** Whose a secret of this id is, in the account alone. */
  findSecretOwner: (accountId: string, secretId: string) => Promise<SecretOwner | undefined>
}

/** Why a secret did not authenticate a client: for its owner, without the secret. */
export type ExplainSecret = (client: Client, presented: string) => string | Promise<string>

export function createSecretExplanation(options: SecretExplanationOptions): ExplainSecret {
  const { pepper, now } = options
  const find = (client: Client, text: string) => {
    const hash = hashSecret(pepper, text)
    return client.secrets.findIndex((secret) => timingSafeEqual(secret.hash, hash))
  }
  return (client, presented) => {
    const known = find(client, presented)
    if (known !== -1) return explainKnown(client, known, presented, now())
    const trimmed = presented.trim()
    const inside = trimmed === presented ? -1 : find(client, trimmed)
    if (inside !== -1)
      return `There is white space around the secret, e.g. a line break at its end. Without it, it is ${nameOf(client, inside, trimmed)}.`
    return explainUnknown(client, trimmed, options)
  }
}

function explainKnown(client: Client, index: number, presented: string, nowMs: number): string {
  const secret = client.secrets[index]
  const name = nameOf(client, index, presented)
  if (secret?.revokedAt != null) return `It is ${name}, revoked on ${timeText(secret.revokedAt)}.`
  if (secret?.expiresAt != null && !isAlive(secret, nowMs))
    return `It is ${name}, expired on ${timeText(secret.expiresAt)}.`
  return `It is ${name}. It is good, but was not yet known here or is one live secret too many.`
}

async function explainUnknown(
  client: Client,
  presented: string,
  { pepper, now, findSecretOwner }: SecretExplanationOptions,
): Promise<string> {
  const none = noMatch(client, now())
  const read = readSecret(presented)
  if (!read) return `${lookalike(client, presented)}${none}`
  const own = client.secrets.findIndex((secret) => secret.id === read.id)
  if (own !== -1)
    return `It begins as ${nameOf(client, own)}, but characters of it are changed or missing. Copy it again, whole.`
  if (!isOurSecret(presented))
    return `It looks like a secret of Latchkey, but characters of it are changed or missing. ${none}`
  const owner = await findSecretOwner(client.accountId, read.id)
  if (owner && timingSafeEqual(owner.hash, hashSecret(pepper, presented)))
    return `It is a secret of another client of this account: ${owner.clientId} (${owner.environment}). Client id and secret do not belong together.`
  if (read.environment !== client.environment)
    return `It looks like a secret of ${read.environment}, and this client is one of ${client.environment}. ${none}`
  return none
}

function lookalike(client: Client, presented: string): string {
  if (presented === '') return 'The secret is empty. '
  if (presented === client.id) return 'The client id was sent in place of the secret. '
  if (/^eyJ[\w-]*\.[\w-]*\.[\w-]*$/.test(presented))
    return 'An access token or another JWT was sent in place of the secret. '
  return ''
}

function noMatch({ secrets }: Client, nowMs: number): string {
  const live = secrets.filter((secret) => isAlive(secret, nowMs)).length
  if (secrets.length === 0) return 'The client has no secret.'
  return `It is none of the client's secrets: ${secrets.length} known, ${live} of them live.`
}

/** `secret 2 of 2 (nightly …x7Qd)`. What was presented and matched has the same end as what we keep of it. */
function nameOf(client: Client, index: number, presented?: string): string {
  const secret: ClientSecret | undefined = client.secrets[index]
  const end = presented === undefined ? '' : ` …${presented.slice(-4)}`
  return `secret ${index + 1} of ${client.secrets.length} (${secret?.name ?? ''}${end})`
}
