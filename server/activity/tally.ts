import type { Batch, CountedColumns, DefinedFacts } from './batch.ts'
import { dayMs, hourMs, timeOf } from './entry-id.ts'
import type { Facts } from './facts.ts'

/** Whose sum it is when it is everybody's. */
export const everybody = '*'

export interface HourRow {
  account_id: string
  environment: string
  hour: number
  client_id: string
  kind: Facts['kind']
  secret_id: string
  granted: number
  refused: number
}

export interface ScopeUseRow {
  account_id: string
  environment: string
  client_id: string
  scope: string
  requested_at: number | null
  called_at: number | null
}

export interface HostUseRow {
  account_id: string
  environment: string
  day: number
  client_id: string
  host: string
  count: number
  last_at: number
}

/** What a batch adds to the counters: a row for each, sorted by key, so that two nodes never wait for each other. */
export interface Sums {
  hours: HourRow[]
  scopes: ScopeUseRow[]
  hosts: HostUseRow[]
}

export interface Tally {
  add: (batch: Batch) => void
  isEmpty: () => boolean
  /** What was counted since the last time. */
  take: () => Sums
}

interface Count {
  entries: number
  lastAt: number
}

/** Counts by facts, which are few objects, before it counts by anything else. */
export function createTally(factsOf: (number: number) => DefinedFacts): Tally {
  let byHour = new Map<number, Map<Facts, Count>>()

  function count(began: number, { facts }: DefinedFacts, at: number): void {
    const hour = began - (began % hourMs)
    let counts = byHour.get(hour)
    if (!counts) {
      counts = new Map()
      byHour.set(hour, counts)
    }
    const counted = counts.get(facts)
    if (counted) {
      counted.entries += 1
      if (at > counted.lastAt) counted.lastAt = at
    } else counts.set(facts, { entries: 1, lastAt: at })
  }

  function countAll({ ids, facts, at }: CountedColumns): void {
    for (const [index, id] of ids.entries()) count(timeOf(id), factsOf(facts[index] ?? 0), at[index] ?? 0)
  }

  return {
    add({ days, countedOnly }) {
      for (const [, columns] of days) countAll(columns)
      countAll(countedOnly)
    },
    isEmpty: () => byHour.size === 0,
    take() {
      const taken = byHour
      byHour = new Map()
      return addUp(taken)
    },
  }
}

function addUp(byHour: ReadonlyMap<number, ReadonlyMap<Facts, Count>>): Sums {
  const hours = new Map<string, HourRow>()
  const scopes = new Map<string, ScopeUseRow>()
  const hosts = new Map<string, HostUseRow>()
  for (const [hour, counts] of byHour) {
    for (const [facts, count] of counts) {
      addHour(hours, facts, hour, count.entries)
      if (facts.clientId === null || facts.accountId === null || !isProven(facts)) continue
      const owner = { account_id: facts.accountId, environment: facts.environment ?? '' }
      const client = { ...owner, client_id: facts.clientId }
      addScopes(scopes, client, facts, count)
      if (facts.host !== '') addHost(hosts, client, facts.host, hour, count)
    }
  }
  return { hours: byKey(hours), scopes: byKey(scopes), hosts: byKey(hosts) }
}

/** Whoever was refused a token may not even be the client that it names: it must not count as its use. */
function isProven({ kind, error }: Facts): boolean {
  return kind === 'api_call' || error === null
}

function addHour(hours: Map<string, HourRow>, facts: Facts, hour: number, entries: number): void {
  const { kind } = facts
  const [granted, refused] = facts.error === null ? [entries, 0] : [0, entries]
  const add = (account_id: string, environment: string, client_id: string, secret_id: string) => {
    const key = `${account_id}\n${environment}\n${hour}\n${client_id}\n${kind}\n${secret_id}`
    const row = hours.get(key)
    if (!row) hours.set(key, { account_id, environment, hour, client_id, kind, secret_id, granted, refused })
    else {
      row.granted += granted
      row.refused += refused
    }
  }
  add(everybody, '', '', '')
  // Client ids that do not exist are without number: they are nobody's, together.
  if (facts.accountId === null) add('', '', '', '')
  else add(facts.accountId, facts.environment ?? '', facts.clientId ?? '', facts.secretId ?? '')
}

type ClientKey = Pick<ScopeUseRow, 'account_id' | 'environment' | 'client_id'>

function addScopes(
  scopes: Map<string, ScopeUseRow>,
  client: ClientKey,
  { kind, scopes: granted, requiredScope, status }: Facts,
  { lastAt }: Count,
): void {
  const add = (scope: string, column: 'requested_at' | 'called_at') => {
    const key = `${client.account_id}\n${client.environment}\n${client.client_id}\n${scope}`
    let row = scopes.get(key)
    if (!row) {
      row = { ...client, scope, requested_at: null, called_at: null }
      scopes.set(key, row)
    }
    row[column] = Math.max(row[column] ?? 0, lastAt)
  }
  if (kind === 'token_request') {
    for (const scope of granted.split(' ')) if (scope !== '') add(scope, 'requested_at')
    // A call that its handler refused has used the scope; one that the guard refused has not.
  } else if (requiredScope !== null && status !== 401 && status !== 403 && status !== 429)
    add(requiredScope, 'called_at')
}

function addHost(
  hosts: Map<string, HostUseRow>,
  client: ClientKey,
  host: string,
  hour: number,
  { entries, lastAt }: Count,
): void {
  const day = Math.floor(hour / dayMs)
  const key = `${client.account_id}\n${client.environment}\n${day}\n${client.client_id}\n${host}`
  const row = hosts.get(key)
  if (!row) hosts.set(key, { ...client, day, host, count: entries, last_at: lastAt })
  else {
    row.count += entries
    row.last_at = Math.max(row.last_at, lastAt)
  }
}

function byKey<Row>(rows: ReadonlyMap<string, Row>): Row[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}
