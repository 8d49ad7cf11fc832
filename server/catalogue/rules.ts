// What the catalogue refuses, said once for the account API and for the declared set-up.
import type { Database } from '../database/tables.ts'
import { isReservedScope } from '../vocabulary/permission.ts'
import type { ApiFacts } from './change-store.ts'
import { countRegisteredApis, findApi, findAudienceOwner, findForeignScopes } from './store.ts'

export const catalogueBounds = {
  apis: 500,
  scopesOfApi: 200,
  endpointsOfScope: 50,
  resourceServersOfApi: 50,
} as const

/** The pattern of a scope's name: RFC 6749 §3.3 allows more, people do not type more. */
export const scopeNamePattern = '^[a-z][a-z0-9_.:-]{0,63}$'

/** The pattern of an API's id. */
export const apiIdPattern = '^[a-z0-9][a-z0-9_-]{0,63}$'

/** The characters of an absolute URI without a fragment (RFC 8707 §2, RFC 3986 §4.3). */
export const audiencePattern = "^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\\-._~:/?\\[\\]@!$&'()*+,;=%]+$"

/** An operation that a scope unlocks: its method and path, `{name}` for what varies. */
export const endpointPattern =
  "^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /[A-Za-z0-9\\-._~:@!$&'()*+,;=%/{}]{0,199}$"

/** Something that the catalogue cannot become: a value that can never be, or one that another has. */
export interface Fault {
  kind: 'invalid' | 'conflict'
  text: string
}

const conflict = (text: string): Fault => ({ kind: 'conflict', text })
const invalid = (text: string): Fault => ({ kind: 'invalid', text })

/** What is wrong with these members of an API; those that are left out are not looked at. */
export async function findApiFaults(
  tx: Database,
  apiId: string,
  { audiences }: Pick<Partial<ApiFacts>, 'audiences'>,
): Promise<Fault[]> {
  const known = await findApi(tx, apiId)
  const faults: Fault[] = []
  if (known?.builtIn) return [conflict('This API is built in and cannot be changed. Choose another id.')]
  if (!known && (await countRegisteredApis(tx)) >= catalogueBounds.apis)
    faults.push(conflict(`There are ${catalogueBounds.apis} APIs already, the most there can be.`))
  if (!audiences) return faults
  const both = [audiences.test, audiences.production]
  // RFC 8707 §2: an absolute URI, without a fragment.
  if (!both.every((audience) => new RegExp(audiencePattern).test(audience) && URL.canParse(audience)))
    faults.push(
      invalid('An audience must be an absolute URI without a fragment, e.g. https://orders.example.'),
    )
  if (audiences.test === audiences.production)
    faults.push(invalid('The audiences of test and production must differ.'))
  const owner = await findAudienceOwner(tx, both, apiId)
  if (owner !== undefined) faults.push(conflict(`An audience belongs to the API ${owner} already.`))
  return faults
}

/** What is wrong with scopes of these names in an API that has `present` others. */
export async function findScopeFaults(
  tx: Database,
  apiId: string,
  names: readonly string[],
  present: number,
): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const name of names) {
    if (isReservedScope(name)) faults.push(invalid(`The scope ${name} is reserved.`))
  }
  if (new Set(names).size < names.length) faults.push(invalid('A scope is named twice.'))
  for (const foreign of await findForeignScopes(tx, names, apiId)) {
    // Of a reserved one it is said already.
    if (!isReservedScope(foreign.name))
      faults.push(conflict(`The scope ${foreign.name} belongs to the API ${foreign.apiId} already.`))
  }
  if (present + names.length > catalogueBounds.scopesOfApi)
    faults.push(conflict(`An API has ${catalogueBounds.scopesOfApi} scopes at most.`))
  return faults
}

/** What is wrong with the resource servers of an API: each must be a client that there is. */
export function resourceServerFaults(missing: readonly string[]): Fault[] {
  return missing.map((clientId) => invalid(`The resource server ${clientId} is not a client.`))
}
