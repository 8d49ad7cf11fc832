import type { Environment } from '../vocabulary/environment.ts'
import type { ActivityEntry } from './entry.ts'

/** Whose activity: an account in an environment, or everybody's (the operator). */
export type ActivityScope = { accountId: string; environment: Environment } | 'deployment'

/** What a page of activity is narrowed to; members left out do not narrow. */
export interface ActivityFilter {
  of: ActivityScope
  kind?: ActivityEntry['kind'] | undefined
  clientId?: string | undefined
  /** A status, or a class of them: 4 for 400 to 499. */
  status?: number | undefined
  statusClass?: 2 | 4 | 5 | undefined
  operation?: string | undefined
  /** Granted, asked for or required. */
  scope?: string | undefined
  error?: string | undefined
  secretId?: string | undefined
  host?: string | undefined
  /** Milliseconds, from included, to excluded: when it began, as its id says. */
  fromMs?: number | undefined
  toMs?: number | undefined
}

/** How much happened in one hour: of the account, or of the one client that was asked for. */
export interface ActivityHour {
  /** Milliseconds: the beginning of the hour, UTC. */
  hour: number
  kind: ActivityEntry['kind']
  granted: number
  refused: number
}

/** How much a client did over a time. */
export interface ClientTotal {
  clientId: string
  kind: ActivityEntry['kind']
  granted: number
  refused: number
}

/** When a client last asked for a scope, and last called an operation that requires it; to the minute. */
export interface ScopeUse {
  clientId: string
  scope: string
  requestedAt: number | null
  calledAt: number | null
}

/** Which host name a client uses. */
export interface HostUse {
  clientId: string
  host: string
  count: number
  lastAt: number
}

/** How often a secret authenticated. By whole hours: the one under way and the one before, or the 24 before. */
export interface SecretUse {
  secretId: string
  lastHour: number
  lastDay: number
}

/** A time, from included, to excluded; counts are by whole hours. */
export interface ActivityTime {
  fromMs: number
  toMs: number
}

/** Reads what was recorded. Nothing of it blocks the event loop. */
export interface ActivityStore {
  /** By request id; an account sees its own alone. */
  find: (of: ActivityScope, requestId: string) => Promise<ActivityEntry | undefined>
  /** Newest first, below an id; one entry more than the limit when there are more. */
  page: (
    filter: ActivityFilter,
    wanted: { limit: number; belowId: string | undefined },
  ) => Promise<ActivityEntry[]>
  /** For charts; kept longer than the entries. Hours in which nothing happened are left out. */
  hours: (
    filter: { of: ActivityScope; clientId?: string | undefined } & ActivityTime,
  ) => Promise<ActivityHour[]>
  /** The same, added up for each client: how many API calls for a token request. */
  clientTotals: (
    filter: { of: ActivityScope; clientId?: string | undefined } & ActivityTime,
  ) => Promise<ClientTotal[]>
  scopeUse: (of: ActivityScope, clientId?: string) => Promise<ScopeUse[]>
  /** Counted by whole days. */
  hostUse: (of: ActivityScope, fromMs: number) => Promise<HostUse[]>
  secretUse: (of: ActivityScope, clientId: string) => Promise<SecretUse[]>
}
