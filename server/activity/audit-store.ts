// Reads the audit trail: pages for people, and whole for who keeps or checks it. Nothing here changes it.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ExpressionBuilder } from 'kysely'
import type { AuditRow } from '../audit.ts'
import type { Database, Tables } from '../database/tables.ts'
import type { Environment } from '../vocabulary/environment.ts'

/** Whose entries: an account's in these environments (null: what concerns both), or all. */
export type AuditView = { accountId: string; environments: readonly (Environment | null)[] } | 'deployment'

/** A time from included, to excluded; milliseconds. */
export interface AuditPeriod {
  fromMs?: number | undefined
  toMs?: number | undefined
}

/** What a page is narrowed to; members left out do not narrow. */
export interface AuditFilter extends AuditPeriod {
  of: AuditView
  /** Of all entries only. */
  accountId?: string | undefined
  environment?: Environment | undefined
  action?: string | undefined
  objectKind?: string | undefined
  objectId?: string | undefined
  actorKind?: string | undefined
  actorId?: string | undefined
}

type Position = Pick<AuditRow, 'at' | 'seq'>

/**
 * How many entries one page looks through. A filter that fits hardly any of a million ends with a short page and a
 * cursor, instead of holding the server up.
 */
const scanLimit = 2000

/** How many entries are read at once of a trail that is read whole: others wait so long for their turn. */
const chunk = 200

/** Where an entry stands that the caller may see. */
export async function findAuditPosition(
  db: Database,
  of: AuditView,
  id: string,
): Promise<Position | undefined> {
  const row = await db
    .selectFrom('audit')
    .select(['at', 'seq', 'account_id', 'environment'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row || of === 'deployment') return row
  return row.account_id === of.accountId && of.environments.includes(row.environment) ? row : undefined
}

/**
 * Newest first.
 * @returns the entries, and the id that the next page begins below; null: there are no more.
 */
export async function pageAudit(
  db: Database,
  filter: AuditFilter,
  wanted: { limit: number; below: Position | undefined },
): Promise<{ rows: AuditRow[]; next: string | null }> {
  if (filter.objectKind !== undefined && filter.objectId !== undefined)
    return pageOfObject(db, filter, { kind: filter.objectKind, id: filter.objectId }, wanted)
  const scanned = () =>
    scan(db, filter.of, filter, { direction: 'desc', past: wanted.below, limit: scanLimit }).as('audit')
  const matching = db
    .selectFrom(scanned())
    .select('audit.seq')
    .where((eb) => narrowed(eb, filter))
    .orderBy('audit.at', 'desc')
    .orderBy('audit.seq', 'desc')
    .limit(wanted.limit + 1)
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('seq', 'in', matching)
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .execute()
  const page = cut(rows, wanted.limit)
  if (page.next !== null) return page
  const end = await db
    .selectFrom(scanned())
    .select('audit.id')
    .orderBy('audit.at', 'desc')
    .orderBy('audit.seq', 'desc')
    .limit(1)
    .offset(scanLimit - 1)
    .executeTakeFirst()
  return { rows, next: end?.id ?? null }
}

/** What happened to one object has an index of its own: it is found however long ago it was. */
async function pageOfObject(
  db: Database,
  filter: AuditFilter,
  object: { kind: string; id: string },
  wanted: { limit: number; below: Position | undefined },
): Promise<{ rows: AuditRow[]; next: string | null }> {
  const { of } = filter
  const how = { direction: 'desc', past: wanted.below, limit: wanted.limit + 1 } as const
  let query = within(db, filter, how)
    .where('object_kind', '=', object.kind)
    .where('object_id', '=', object.id)
  if (of !== 'deployment') {
    // Not bare columns: the database would take the index of the account, and read its entries one by one.
    query = query
      .where((eb) => eb(eb.fn.coalesce('account_id', eb.val('')), '=', of.accountId))
      .where((eb) =>
        eb(
          eb.fn.coalesce('environment', eb.val('')),
          'in',
          of.environments.map((one) => one ?? ''),
        ),
      )
  }
  const found = query.where((eb) => narrowed(eb, filter))
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('seq', 'in', db.selectFrom(found.as('found')).select('found.seq'))
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .execute()
  return cut(rows, wanted.limit)
}

/** @param rows one more than the page holds, if there are more. */
function cut(rows: AuditRow[], limit: number): { rows: AuditRow[]; next: string | null } {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { rows: rows.slice(0, limit), next: last?.id ?? null }
}

/** Entries of an account, oldest first, some at a time: as much memory for a million as for a thousand. */
export async function* listAudit(
  db: Database,
  of: AuditView,
  period: AuditPeriod,
  pageSize = chunk,
): AsyncGenerator<AuditRow[]> {
  for (let past: Position | undefined; ; ) {
    const page = scan(db, of, period, { direction: 'asc', past, limit: pageSize })
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('seq', 'in', db.selectFrom(page.as('page')).select('page.seq'))
      .orderBy('at')
      .orderBy('seq')
      .execute()
    if (rows.length > 0) yield rows
    past = rows.at(-1)
    if (rows.length < pageSize) return
    // SQLite answers at once: without this nobody else would have a turn until the last page.
    await nextTurn()
  }
}

/** The whole chain in its order, up to an entry. */
export async function* readChain(db: Database, toSeq: number, pageSize = chunk): AsyncGenerator<AuditRow[]> {
  // From below zero: a row that somebody put before the first one shows.
  for (let pastSeq = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', pastSeq)
      .where('seq', '<=', toSeq)
      .orderBy('seq')
      .limit(pageSize)
      .execute()
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    pastSeq = last.seq
    await nextTurn()
  }
}

/** Where the chain ends, and the last row that there is. */
export async function findAuditEnd(
  db: Database,
): Promise<{ seq: number; hash: string; lastRow: number } | undefined> {
  const head = await db
    .selectFrom('audit_head')
    .select(['seq', 'hash'])
    .select((eb) =>
      eb
        .selectFrom('audit')
        .select((inner) => inner.fn.max('audit.seq').as('last'))
        .as('lastRow'),
    )
    .where('id', '=', 1)
    .executeTakeFirst()
  return head && { ...head, lastRow: head.lastRow ?? 0 }
}

interface Scan {
  direction: 'asc' | 'desc'
  past: Position | undefined
  limit: number
}

/** The next entries of a view by time: for each environment its own range of the index, so that no other is read. */
function scan(db: Database, of: AuditView, period: AuditPeriod, how: Scan) {
  const owners =
    of === 'deployment'
      ? [undefined]
      : of.environments.map((environment) => ({ accountId: of.accountId, environment }))
  const [first, ...more] = owners.map((owner) =>
    db.selectFrom(range(db, owner, period, how).as('part')).selectAll(),
  )
  if (!first) throw new Error('A view has an environment.')
  const all = more.reduce((parts, part) => parts.unionAll(part), first)
  return db
    .selectFrom(all.as('scanned'))
    .selectAll()
    .orderBy('at', how.direction)
    .orderBy('seq', how.direction)
    .limit(how.limit)
}

function range(
  db: Database,
  of: { accountId: string; environment: Environment | null } | undefined,
  period: AuditPeriod,
  how: Scan,
) {
  const query = within(db, period, how)
  if (!of) return query
  const own = query.where('account_id', '=', of.accountId)
  return of.environment === null
    ? own.where('environment', 'is', null)
    : own.where('environment', '=', of.environment)
}

/** Entries by time, from a position on. */
function within(db: Database, { fromMs, toMs }: AuditPeriod, { direction, past, limit }: Scan) {
  let query = db
    .selectFrom('audit')
    .select(['seq', 'id', 'at', 'account_id', 'environment', 'action'])
    .select(['object_kind', 'object_id', 'actor_kind', 'actor_id'])
    .orderBy('at', direction)
    .orderBy('seq', direction)
    .limit(limit)
  if (fromMs !== undefined) query = query.where('at', '>=', fromMs)
  if (toMs !== undefined) query = query.where('at', '<', toMs)
  if (past === undefined) return query
  const [orSame, beyond] = direction === 'asc' ? (['>=', '>'] as const) : (['<=', '<'] as const)
  return query
    .where('at', orSame, past.at)
    .where((eb) => eb.or([eb('at', beyond, past.at), eb('seq', beyond, past.seq)]))
}

function narrowed(eb: ExpressionBuilder<{ audit: Tables['audit'] }, 'audit'>, filter: AuditFilter) {
  const columns = {
    account_id: filter.accountId,
    environment: filter.environment,
    action: filter.action,
    object_kind: filter.objectKind,
    object_id: filter.objectId,
    actor_kind: filter.actorKind,
    actor_id: filter.actorId,
  }
  const wanted = Object.entries(columns).filter(([, value]) => value !== undefined)
  return eb.and(Object.fromEntries(wanted))
}
