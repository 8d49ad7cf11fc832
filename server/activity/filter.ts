// What activity is narrowed to: as the query says it, as the store takes it, and for an entry at hand.
import { type Static, Type } from 'typebox'
import { Problem } from '../vocabulary/problem.ts'
import type { ActivityFilter, ActivityScope } from './activity-store.ts'
import type { ActivityEntry } from './entry.ts'
import { beganAt } from './entry-id.ts'

const text = (maxLength: number, description: string) =>
  Type.Optional(
    Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]+$', description }),
  )
const time = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }))

/** What narrows a list, and a stream just the same. */
export const filterMembers = {
  kind: Type.Optional(Type.Enum(['token_request', 'api_call'])),
  clientId: text(128, 'The client.'),
  status: Type.Optional(
    Type.String({
      pattern: '^([1-5][0-9]{2}|[245]xx)$',
      description: 'A status, e.g. 401, or a class of them, e.g. 4xx.',
    }),
  ),
  operation: text(300, 'Method and pattern of the route, e.g. GET /signature/documents.'),
  scope: text(64, 'Granted, asked for or required.'),
  error: text(64, 'The code of the refusal, e.g. invalid_client.'),
  secretId: text(64, 'The secret that authenticated the client.'),
  host: text(253, 'The host name that the caller used.'),
}

export const filterQuery = Type.Object(filterMembers, { additionalProperties: false })

export const listMembers = {
  ...filterMembers,
  from: time('Begun then or later.'),
  to: time('Begun before.'),
  search: Type.Optional(
    Type.String({
      pattern: '^(req_)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
      description: 'A request id: the one entry, if the other filters let it pass.',
    }),
  ),
}

type FilterQuery = Static<typeof filterQuery>

/** @throws {Problem} `invalid_value` for a time that ends before it begins. */
export function filterOf(
  of: ActivityScope,
  query: FilterQuery & { from?: string; to?: string },
): ActivityFilter {
  const { status } = query
  const isClass = status?.endsWith('xx') === true
  const fromMs = query.from === undefined ? undefined : readTime(query.from)
  const toMs = query.to === undefined ? undefined : readTime(query.to)
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs)
    throw new Problem('invalid_value', 'The time ends before it begins: from must be earlier than to.')
  return {
    of,
    kind: query.kind,
    clientId: query.clientId,
    status: status === undefined || isClass ? undefined : Number(status),
    statusClass: isClass ? classes[status[0] ?? ''] : undefined,
    operation: query.operation,
    scope: query.scope,
    error: query.error,
    secretId: query.secretId,
    // RFC 4343: names of the DNS have no letter case.
    host: query.host?.toLowerCase(),
    fromMs,
    toMs,
  }
}

const classes: Record<string, 2 | 4 | 5> = { 2: 2, 4: 4, 5: 5 }

/** @throws {Problem} `invalid_value` for a leap second: RFC 3339 has them, our clock does not. */
export function readTime(text: string): number {
  const ms = Date.parse(text)
  if (!Number.isNaN(ms)) return ms
  throw new Problem('invalid_value', 'A time is none that exists here. Send it as 2026-11-24T12:00:00Z.')
}

/** Whether an entry passes: what the store decides for many, for one at hand. Whose it is, is not looked at. */
export function passes(filter: ActivityFilter, entry: ActivityEntry): boolean {
  const is = <Value>(wanted: Value | undefined, has: Value) => wanted === undefined || wanted === has
  const beganMs = beganAt(entry.id)
  return (
    is(filter.kind, entry.kind) &&
    is<string | null>(filter.clientId, entry.clientId) &&
    is(filter.status, entry.status) &&
    is<number>(filter.statusClass, Math.floor(entry.status / 100)) &&
    is(filter.operation, entry.operation) &&
    is<string | null>(filter.error, entry.error) &&
    is<string | null>(filter.secretId, entry.secretId) &&
    is(filter.host, entry.host) &&
    (filter.scope === undefined ||
      entry.requiredScope === filter.scope ||
      entry.scopes.split(' ').includes(filter.scope)) &&
    beganMs >= (filter.fromMs ?? 0) &&
    beganMs < (filter.toMs ?? Number.POSITIVE_INFINITY)
  )
}
