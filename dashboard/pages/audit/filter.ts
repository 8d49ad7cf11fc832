import type { paths } from '../../openapi-types.ts'
import type { Search } from '../../routing.ts'
import { periodOf, timeFilterNames, timeWishOf } from '../../ui/time-filter.tsx'

type Answer<Operation> = Operation extends {
  responses: { 200: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never

export type AuditFilter = NonNullable<paths['/account/deployment/audit']['get']['parameters']['query']>

type OwnEntry = Answer<paths['/account/audit']['get']>['items'][number]

/** An entry; the operator's have their place in the chain and their account, too. */
export type AuditEntry = OwnEntry & { seq?: number; accountId?: string | null }

export interface AuditPage {
  items: AuditEntry[]
  nextCursor: string | null
}

const environments = ['test', 'production'] as const
export const actorKinds = ['member', 'client', 'command', 'system'] as const
export const objectKinds = [
  'client',
  'secret',
  'member',
  'invitation',
  'account',
  'api',
  'scope',
  'signing_key',
  'deployment',
] as const

/** The names in the address, for who clears all filters. */
export const auditFilterNames: readonly string[] = [
  'actorKind',
  'actorId',
  'objectKind',
  'objectId',
  'action',
  'environment',
  'accountId',
  ...timeFilterNames,
]

/** Reads the filter of an address but for the time; what is no filter is left out. */
export function filterOfSearch(search: Search): AuditFilter {
  const { actorId, objectId, action, accountId } = search
  const environment = environments.find((name) => name === search.environment)
  const actorKind = actorKinds.find((name) => name === search.actorKind)
  const objectKind = objectKinds.find((name) => name === search.objectKind)
  return {
    ...(actorKind && { actorKind }),
    ...(actorId && { actorId }),
    ...(objectKind && { objectKind }),
    ...(objectId && { objectId }),
    ...(action && { action }),
    ...(environment && { environment }),
    ...(accountId && { accountId }),
  }
}

/** The same with its time; a span ends now. */
export function withPeriod(filter: AuditFilter, search: Search): AuditFilter {
  return { ...filter, ...periodOf(timeWishOf(search), Date.now()) }
}
