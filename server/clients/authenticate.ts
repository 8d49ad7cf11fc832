import { type KeyObject, timingSafeEqual } from 'node:crypto'
import { type Client, type ClientSecret, isAlive, liveSecretsLimit } from './client.ts'
import { hashSecret } from './secret.ts'

const nobody = Buffer.alloc(32)

/**
 * Which secret of the client was presented, if any. The work is the same for an unknown client, a wrong
 * secret and an expired one: one keyed hash, a fixed number of comparisons (RFC 6749 §10.10).
 */
export function matchSecret(
  client: Client | undefined,
  presented: string,
  pepper: KeyObject,
  nowMs: number,
): ClientSecret | undefined {
  const hash = hashSecret(pepper, presented)
  const alive = (client?.secrets ?? []).filter((secret) => isAlive(secret, nowMs))
  let matched: ClientSecret | undefined
  for (let index = 0; index < liveSecretsLimit; index += 1) {
    const secret = alive[index]
    if (timingSafeEqual(hash, secret?.hash ?? nobody) && secret) matched = secret
  }
  return client?.disabledAt === null ? matched : undefined
}
