// What other nodes must forget: a table that every node polls (reliability: plain SQL, no lost message).

import type { Now } from '../vocabulary/clock.ts'
import {
  announceMs,
  announceNode,
  type EffectiveOn,
  type NodeIdentity,
  readProgress,
  removeNode,
} from './nodes.ts'
import type { Database } from './tables.ts'

/**
 * What changed: a client, the signing keys, the catalogue, or the revocations. A `fence` is no change: its number lies
 * behind all that was committed before it.
 */
export type ChangeKind = 'client' | 'signing_key' | 'catalogue' | 'revocation' | 'fence'

/** Notes a change in the transaction that makes it. `key` says which one, e.g. the client id. */
export async function recordChange(
  tx: Database,
  kind: ChangeKind,
  key: string,
  nowMs: number,
): Promise<void> {
  await tx.insertInto('change_log').values({ at: nowMs, kind, key }).execute()
}

/** The same for many: the keys of one kind, in few statements. */
export async function recordChanges(
  tx: Database,
  kind: ChangeKind,
  keys: readonly string[],
  nowMs: number,
): Promise<void> {
  const atOnce = 1000
  for (let from = 0; from < keys.length; from += atOnce) {
    const rows = keys.slice(from, from + atOnce).map((key) => ({ at: nowMs, kind, key }))
    await tx.insertInto('change_log').values(rows).execute()
  }
}

/**
 * Numbers are given out in one order and committed in another: that a node has seen a number says nothing of the
 * smaller ones. But a fence gets its number after a change was committed, and so does every row with a larger number;
 * who sees one of them sees the change.
 */
async function recordFence(db: Database, nodeId: string, nowMs: number): Promise<number> {
  const { seq } = await db
    .insertInto('change_log')
    .values({ at: nowMs, kind: 'fence', key: nodeId })
    .returning('seq')
    .executeTakeFirstOrThrow()
  return Number(seq)
}

/** Forgets what every node has seen long ago. */
export async function forgetChanges(db: Database, beforeMs: number): Promise<void> {
  await db.deleteFrom('change_log').where('at', '<', beforeMs).execute()
}

export interface ChangeWatch {
  /** Polls now; resolves when every change seen was handled. */
  poll: () => Promise<void>
  /** Milliseconds since the last good poll. */
  ageMs: () => number
  /**
   * Resolves when every live node has handled all that is committed now, or after a second; says which have. Null when
   * the database went away meanwhile. Called after the transaction of the change.
   */
  waitForNodes: () => Promise<EffectiveOn>
  /** Ends it; on PostgreSQL the other nodes stop counting this one. */
  stop: () => Promise<void>
}

export interface ChangeWatchOptions {
  db: Database
  now: Now
  /** Forgets what it names; called again for a change is harmless. */
  onChange: (kind: string, key: string) => Promise<void>
  onError: (error: unknown) => void
  /** How it announces itself to the others; undefined on SQLite, where there are none. */
  node?: NodeIdentity | undefined
}

const pollMs = 150
/** Sequences commit out of order: rows so old are looked for again (longer than any statement may take). */
const lookBackMs = 10_000
/** What may have been under way when this node started. */
const initialLookBack = 500
/** So long the other nodes are waited for, and asked so often. */
const waitMs = 1000
const askMs = 40

/** Follows the changes of all nodes, this one's too. */
export async function watchChanges(options: ChangeWatchOptions): Promise<ChangeWatch> {
  const { db, now, onChange, onError, node } = options
  const { last } = await db
    .selectFrom('change_log')
    .select((eb) => eb.fn.max('seq').as('last'))
    .executeTakeFirstOrThrow()
  let highest = Number(last ?? 0)
  let floor = Math.max(0, highest - initialLookBack)
  let lastGood = { monotonic: performance.now(), at: now() }
  let announced = { monotonic: performance.now(), seq: highest }
  const seen = new Map<number, number>()
  let polling: Promise<void> | undefined
  let next: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function read(): Promise<void> {
    const started = { monotonic: performance.now(), at: now() }
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
      seen.set(row.seq, started.monotonic)
      highest = Math.max(highest, row.seq)
    }
    for (const [seq, at] of seen) {
      if (started.monotonic - at < lookBackMs) continue
      floor = Math.max(floor, seq)
      seen.delete(seq)
    }
    lastGood = started
    await announce(started)
  }

  /** What it has seen as soon as that is more; else now and then that it lives. */
  async function announce(polled: { monotonic: number; at: number }): Promise<void> {
    if (!node || stopped) return
    if (highest === announced.seq && polled.monotonic - announced.monotonic < announceMs) return
    announced = { monotonic: polled.monotonic, seq: highest }
    // That the others do not hear of it does not make the poll a bad one.
    await announceNode(db, node, highest, polled.at).catch((error: unknown) => {
      announced.seq = -1
      onError(error)
    })
  }

  function begin(): Promise<void> {
    polling = read().finally(() => {
      polling = undefined
    })
    return polling
  }

  function poll(): Promise<void> {
    if (!polling) return begin()
    // One that runs may have asked before the change: what is asked for now begins after it, once for all who wait.
    next ??= polling
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return polling ?? begin()
      })
    return next
  }

  async function waitForNodes(): Promise<EffectiveOn> {
    if (!node) {
      await poll()
      return { seen: 1, live: 1, missing: [] }
    }
    try {
      const until = performance.now() + waitMs
      const fence = await recordFence(db, node.id, now())
      for (;;) {
        await poll()
        const { effectiveOn, isAwaited } = await readProgress(db, fence, node.staleSeconds, now())
        if (!isAwaited || performance.now() >= until) return effectiveOn
        await new Promise((resolve) => setTimeout(resolve, askMs))
      }
    } catch (error) {
      // The change itself is committed: its answer must not say otherwise.
      onError(error)
      return null
    }
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
  // Before it remembers anything the others count it.
  if (node) await announceNode(db, node, highest, lastGood.at)
  schedule()
  return {
    poll,
    waitForNodes,
    // The larger of both: one clock may be set back, the other stands still while the machine sleeps.
    ageMs: () => Math.max(performance.now() - lastGood.monotonic, now() - lastGood.at),
    async stop() {
      stopped = true
      clearTimeout(timer)
      await (next ?? polling)?.catch(() => undefined)
      if (node) await removeNode(db, node.id).catch(onError)
    },
  }
}
