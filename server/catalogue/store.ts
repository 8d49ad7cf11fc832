import type { Database } from '../database/tables.ts'
import type { ApiDefinition, ScopeAccess, ScopeDefinition } from '../vocabulary/api-definition.ts'
import type { Environment } from '../vocabulary/environment.ts'

/** An API as it is declared: its audiences differ, so a test token opens nothing in production. */
export interface DeclaredApi {
  id: string
  name: string
  /** Left out: as it was, at first none. */
  description?: string
  audiences: Record<Environment, string>
  /** What a scope does not say stays as it was. */
  scopes: readonly ScopeDefinition[]
  /** The clients that may introspect tokens for it; left out: as it was. */
  resourceServers?: readonly string[]
}

export interface StoredApi {
  id: string
  name: string
  description: string
  audiences: Record<Environment, string>
  /** The clients that may introspect tokens for it. */
  resourceServers: readonly string[]
  builtIn: boolean
  /** Counts its changes and those of its scopes: what its ETag says. */
  version: number
  createdAt: number
}

export interface StoredScope extends ScopeDefinition {
  apiId: string
  apiName: string
  /** The clients that may introspect tokens for this API. */
  resourceServers: readonly string[]
  audiences: Record<Environment, string>
  access: ScopeAccess
  /** What it unlocks; those of built-in APIs are learnt from their routes, see catalogue.ts. */
  endpoints: readonly string[]
  /** Milliseconds; null: not deprecated. */
  deprecatedAt: number | null
  /** What to use instead. */
  deprecationNote: string | null
  /** Milliseconds: from then on no token has it; null: in use. */
  retiredAt: number | null
}

export async function listApis(db: Database): Promise<StoredApi[]> {
  return (await db.selectFrom('api').selectAll().orderBy('id').execute()).map(readApi)
}

export async function findApi(db: Database, apiId: string): Promise<StoredApi | undefined> {
  const row = await db.selectFrom('api').selectAll().where('id', '=', apiId).executeTakeFirst()
  return row && readApi(row)
}

function readApi(row: {
  id: string
  name: string
  description: string
  audience_test: string
  audience_production: string
  resource_servers: string
  built_in: number
  version: number
  created_at: number
}): StoredApi {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    audiences: { test: row.audience_test, production: row.audience_production },
    resourceServers: JSON.parse(row.resource_servers),
    builtIn: row.built_in === 1,
    version: row.version,
    createdAt: row.created_at,
  }
}

/** The scopes of all APIs, or of one. */
export async function listScopes(db: Database, apiId?: string): Promise<StoredScope[]> {
  const all = selectScopes(db).orderBy('scope.name')
  const rows = await (apiId === undefined ? all : all.where('scope.api_id', '=', apiId)).execute()
  return rows.map(readScope)
}

export async function findScope(db: Database, name: string): Promise<StoredScope | undefined> {
  const row = await selectScopes(db).where('scope.name', '=', name).executeTakeFirst()
  return row && readScope(row)
}

function selectScopes(db: Database) {
  return db
    .selectFrom('scope')
    .innerJoin('api', 'api.id', 'scope.api_id')
    .select([
      'scope.name',
      'scope.description',
      'api.id as api_id',
      'api.name as api_name',
      'audience_test',
      'audience_production',
      'resource_servers',
      'scope.access',
      'scope.endpoints',
      'scope.deprecated_at',
      'scope.deprecation_note',
      'scope.retired_at',
    ])
}

function readScope(
  row: Awaited<ReturnType<ReturnType<typeof selectScopes>['executeTakeFirstOrThrow']>>,
): StoredScope {
  return {
    name: row.name,
    description: row.description,
    apiId: row.api_id,
    apiName: row.api_name,
    resourceServers: JSON.parse(row.resource_servers),
    audiences: { test: row.audience_test, production: row.audience_production },
    access: row.access,
    endpoints: JSON.parse(row.endpoints),
    deprecatedAt: row.deprecated_at,
    deprecationNote: row.deprecation_note,
    retiredAt: row.retired_at,
  }
}

/** The API that has one of these audiences already, if any but `apiId` has. */
export async function findAudienceOwner(
  db: Database,
  audiences: readonly string[],
  apiId: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('api')
    .select('id')
    .where('id', '!=', apiId)
    .where((eb) => eb.or([eb('audience_test', 'in', audiences), eb('audience_production', 'in', audiences)]))
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

/** Which of these scope names belong to another API already: a name belongs to one. */
export async function findForeignScopes(
  db: Database,
  names: readonly string[],
  apiId: string,
): Promise<{ name: string; apiId: string }[]> {
  if (names.length === 0) return []
  const rows = await db
    .selectFrom('scope')
    .select(['name', 'api_id'])
    .where('name', 'in', names)
    .where('api_id', '!=', apiId)
    .orderBy('name')
    .execute()
  return rows.map((row) => ({ name: row.name, apiId: row.api_id }))
}

/** How many APIs were registered, the built-in ones not counted. */
export async function countRegisteredApis(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('api')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('built_in', '=', 0)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The built-in APIs share one audience for each environment: where they are reached. */
export function builtInApi(api: ApiDefinition, publicUrl: string): DeclaredApi {
  return { ...api, audiences: { test: `${publicUrl}/test`, production: publicUrl } }
}
