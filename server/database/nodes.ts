// Which servers run on this database, and how far each has read the changes: who revokes something is told where it
// already counts.
import { type Static, Type } from 'typebox'
import { isoTime } from '../vocabulary/clock.ts'
import type { Database } from './tables.ts'

/** The answer member of an operation that ends something: where it is in effect when the answer leaves. */
export const effectiveOn = Type.Union(
  [
    Type.Object({
      seen: Type.Integer({ description: 'How many running servers have it in effect.' }),
      live: Type.Integer({ description: 'How many servers run.' }),
      missing: Type.Array(
        Type.Object({
          node: Type.String({ description: 'A server that has not said that it knows.' }),
          stopsAt: Type.String({
            format: 'date-time',
            description: 'From then on it honours nothing that it remembers, unless it has caught up before.',
          }),
        }),
      ),
    }),
    Type.Null(),
  ],
  {
    description:
      'On which servers the change is in effect. Null: it is done, but where it is in effect could not be found out.',
  },
)

export type EffectiveOn = Static<typeof effectiveOn>

/** One running server, as it announces itself. */
export interface NodeIdentity {
  id: string
  startedAt: number
  /** How long it may honour what it remembers without reading the changes. */
  staleSeconds: number
}

/** A node that says nothing for so long is not waited for. */
export const liveMs = 5000
/** How often an idle node says that it lives. */
export const announceMs = 1000
/** A node may have read changes, and remembered something, a little later than it last said so. */
const unannouncedMs = 2 * announceMs

/** Says that a node lives, and which change is the last that it has handled. */
export async function announceNode(
  db: Database,
  node: NodeIdentity,
  seenSeq: number,
  nowMs: number,
): Promise<void> {
  const said = { seen_at: nowMs, seen_seq: seenSeq }
  await db
    .insertInto('node')
    .values({ id: node.id, started_at: node.startedAt, ...said })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(said))
    .execute()
}

/** A node that stopped as asked is missed by nobody. */
export async function removeNode(db: Database, nodeId: string): Promise<void> {
  await db.deleteFrom('node').where('id', '=', nodeId).execute()
}

/** Forgets nodes that died long ago. */
export async function forgetNodes(db: Database, beforeMs: number): Promise<void> {
  await db.deleteFrom('node').where('seen_at', '<', beforeMs).execute()
}

/** How far the nodes are that may still honour something of before a change. */
export interface Progress {
  effectiveOn: NonNullable<EffectiveOn>
  /** False when there is nobody left to wait for. */
  isAwaited: boolean
}

/**
 * Who has handled every change up to a number. A node that has is alive, whatever its clock says; one that has not
 * and was silent for some seconds is not waited for, but named until what it remembers has run out.
 */
export async function readProgress(
  db: Database,
  seq: number,
  staleSeconds: number,
  nowMs: number,
): Promise<Progress> {
  const honoursMs = staleSeconds * 1000 + unannouncedMs
  const rows = await db
    .selectFrom('node')
    .select(['id', 'seen_at', 'seen_seq'])
    .where('seen_at', '>', nowMs - honoursMs)
    .orderBy('id')
    .execute()
  const behind = rows.filter((row) => row.seen_seq < seq)
  const awaited = behind.filter((row) => row.seen_at > nowMs - liveMs).length
  const seen = rows.length - behind.length
  const missing = behind.map((row) => ({
    node: row.id,
    stopsAt: isoTime(row.seen_at + honoursMs),
  }))
  return { effectiveOn: { seen, live: seen + awaited, missing }, isAwaited: awaited > 0 }
}
