// A request that is sent again with its Idempotency-Key makes nothing twice: it gets the answer of the first time.
import { createHash } from 'node:crypto'
import type { Database, DatabaseTransaction } from './database/tables.ts'
import type { Vault } from './vault.ts'
import type { Now } from './vocabulary/clock.ts'
import { Problem } from './vocabulary/problem.ts'

/** Whose key it is, and for which request. */
export interface KeyedRequest {
  accountId: string
  environment: string
  /** Kind and id of who asks: keys of others are other keys. */
  actor: string
  /** The `Idempotency-Key` header; undefined: the work is simply done. */
  key: string | undefined
  /** Method and address. */
  operation: string
  body: unknown
}

export interface KeyedAnswer<Body> {
  status: number
  body: Body
  /** True when it is the answer of an earlier time. */
  repeated: boolean
}

/** Does work once for each key. */
export type DoOnce = <Body>(
  request: KeyedRequest,
  work: (tx: DatabaseTransaction) => Promise<{ status: number; body: Body }>,
) => Promise<KeyedAnswer<Body>>

/** How long an answer is kept. */
export const keptMs = 24 * 3_600_000

/**
 * The work and the note that it is done are one transaction: work that fails may be tried again with the same key, and
 * of two at once the second waits for the first.
 * @param seal closes the answers at rest: one may hold a secret that is shown once. A vault of its own key.
 */
export function createDoOnce(db: Database, seal: Vault, now: Now): DoOnce {
  return async (request, work) => {
    const { key } = request
    if (key === undefined) return { ...(await db.transaction().execute((tx) => work(tx))), repeated: false }
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new Problem(
        'invalid_request',
        'The Idempotency-Key must be 1 to 255 visible ASCII characters. A random UUID is a good one.',
      )
    }
    const { accountId, environment, actor } = request
    const id = { account_id: accountId, environment, actor, key }
    const hash = createHash('sha256')
      .update(JSON.stringify([request.operation, request.body]))
      .digest('hex')
    const nowMs = now()
    const name = `idempotent ${JSON.stringify(Object.values(id))}`
    return db.transaction().execute(async (tx) => {
      const taken = await tx
        .insertInto('idempotent_answer')
        .values({ ...id, request_hash: hash, status: 0, sealed_answer: '', created_at: nowMs })
        // An answer whose time is over is as good as gone, whether it was swept yet or not.
        .onConflict((conflict) =>
          conflict
            .columns(['account_id', 'environment', 'actor', 'key'])
            .doUpdateSet({ request_hash: hash, status: 0, sealed_answer: '', created_at: nowMs })
            .where('idempotent_answer.created_at', '<=', nowMs - keptMs),
        )
        .returning('key')
        .executeTakeFirst()
      if (!taken) {
        const earlier = await tx
          .selectFrom('idempotent_answer')
          .select(['request_hash', 'status', 'sealed_answer'])
          .where((eb) => eb.and(id))
          .executeTakeFirstOrThrow()
        if (earlier.request_hash !== hash) {
          throw new Problem(
            'conflict',
            'This Idempotency-Key was used for another request. Use a new key for each thing that you want to be done.',
          )
        }
        const body = JSON.parse(seal.unwrap(name, earlier.sealed_answer).toString())
        return { status: earlier.status, body, repeated: true }
      }
      const { status, body } = await work(tx)
      await tx
        .updateTable('idempotent_answer')
        .set({ status, sealed_answer: seal.wrap(name, Buffer.from(JSON.stringify(body))) })
        .where((eb) => eb.and(id))
        .execute()
      return { status, body, repeated: false }
    })
  }
}

/** Forgets answers that nobody asks for any more. */
export async function forgetAnswers(db: Database, nowMs: number): Promise<void> {
  await db
    .deleteFrom('idempotent_answer')
    .where('created_at', '<=', nowMs - keptMs)
    .execute()
}
