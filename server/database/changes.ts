// What other nodes must forget: a table that every node polls (reliability: plain SQL, no lost message).
import type { Database } from './tables.ts'

/** What changed: a client, the signing keys, the catalogue, or the revocations. */
export type ChangeKind = 'client' | 'signing_key' | 'catalogue' | 'revocation'

/** Notes a change in the transaction that makes it. `key` says which one, e.g. the client id. */
export async function recordChange(
  tx: Database,
  kind: ChangeKind,
  key: string,
  nowMs: number,
): Promise<void> {
  await tx.insertInto('change_log').values({ at: nowMs, kind, key }).execute()
}

/** Forgets what every node has seen long ago. */
export async function forgetChanges(db: Database, beforeMs: number): Promise<void> {
  await db.deleteFrom('change_log').where('at', '<', beforeMs).execute()
}

export interface ChangeWatch {
  /** Polls now; resolves when every change seen was handled. */
  poll: () => Promise<void>
  /** Milliseconds on the monotonic clock since the last good poll. */
  ageMs: () => number
  stop: () => void
}

const pollMs = 150
/** Sequences commit out of order: rows so old are looked for again (longer than any statement may take). */
const lookBackMs = 10_000
/** What may have been under way when this node started. */
const initialLookBack = 500

/**
 * Follows the changes of all nodes, this one's too.
 * @param onChange forgets what it names; called again for a change is harmless.
 */
export async function watchChanges(
  db: Database,
  onChange: (kind: string, key: string) => Promise<void>,
  onError: (error: unknown) => void,
): Promise<ChangeWatch> {
  const { last } = await db
    .selectFrom('change_log')
    .select((eb) => eb.fn.max('seq').as('last'))
    .executeTakeFirstOrThrow()
  let floor = Math.max(0, Number(last ?? 0) - initialLookBack)
  let lastGood = performance.now()
  const seen = new Map<number, number>()
  let polling: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function read(): Promise<void> {
    const startedAt = performance.now()
    const rows = await db
      .selectFrom('change_log')
      .select(['seq', 'kind', 'key'])
      .where('seq', '>', floor)
      .orderBy('seq')
      .limit(10_000)
      .execute()
    for (const row of rows) {
      if (seen.has(row.seq)) continue
      await onChange(row.kind, row.key)
      seen.set(row.seq, startedAt)
    }
    for (const [seq, at] of seen) {
      if (startedAt - at < lookBackMs) continue
      floor = Math.max(floor, seq)
      seen.delete(seq)
    }
    lastGood = startedAt
  }

  function poll(): Promise<void> {
    polling ??= read().finally(() => {
      polling = undefined
    })
    return polling
  }

  const schedule = () => {
    // Nodes that started together do not ask together.
    timer = setTimeout(run, pollMs * (0.8 + Math.random() * 0.4))
    timer.unref()
  }
  const run = () => {
    poll()
      .catch(onError)
      .finally(() => {
        if (!stopped) schedule()
      })
  }
  schedule()
  return {
    poll,
    ageMs: () => performance.now() - lastGood,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
