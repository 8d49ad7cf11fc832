import { recordChange } from '../database/changes.ts'
import type { Database } from '../database/tables.ts'
import type { ApiDefinition, ScopeAccess, ScopeDefinition } from '../vocabulary/api-definition.ts'
import type { Environment } from '../vocabulary/environment.ts'

/** An API as it is declared: its audiences differ, so a test token opens nothing in production. */
export interface DeclaredApi {
  id: string
  name: string
  audiences: Record<Environment, string>
  scopes: readonly ScopeDefinition[]
  /** The clients that may introspect tokens for it; left out: as it was. */
  resourceServers?: readonly string[]
}

export interface StoredScope extends ScopeDefinition {
  apiId: string
  apiName: string
  /** The clients that may introspect tokens for this API. */
  resourceServers: readonly string[]
  audiences: Record<Environment, string>
  access: ScopeAccess
  endpoints: readonly string[]
  /** Milliseconds; null: not deprecated. */
  deprecatedAt: number | null
  /** What to use instead. */
  deprecationNote: string | null
  /** Milliseconds: from then on no token has it; null: in use. */
  retiredAt: number | null
}

export async function listScopes(db: Database): Promise<StoredScope[]> {
  const rows = await db
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
    .orderBy('scope.name')
    .execute()
  return rows.map((row) => ({
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
  }))
}

/** Brings an API and the scopes named to this state; scopes that are not named stay as they are. */
export async function putApi(db: Database, api: DeclaredApi, builtIn: boolean, nowMs: number): Promise<void> {
  const facts = {
    name: api.name,
    audience_test: api.audiences.test,
    audience_production: api.audiences.production,
    ...(api.resourceServers && { resource_servers: JSON.stringify(api.resourceServers) }),
  }
  await db
    .insertInto('api')
    .values({ id: api.id, ...facts, built_in: builtIn ? 1 : 0, created_at: nowMs })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(facts))
    .execute()
  for (const { name, description, access = 'everyone', endpoints } of api.scopes) {
    const changing = { description, access, ...(endpoints && { endpoints: JSON.stringify(endpoints) }) }
    await db
      .insertInto('scope')
      .values({ name, api_id: api.id, ...changing, created_at: nowMs })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(changing))
      .execute()
  }
  await recordChange(db, 'catalogue', api.id, nowMs)
}

/** Who has a scope name already: a name belongs to one API. */
export async function findScopeOwner(db: Database, scope: string): Promise<string | undefined> {
  const row = await db.selectFrom('scope').select('api_id').where('name', '=', scope).executeTakeFirst()
  return row?.api_id
}

export async function isBuiltIn(db: Database, apiId: string): Promise<boolean> {
  const row = await db.selectFrom('api').select('built_in').where('id', '=', apiId).executeTakeFirst()
  return row?.built_in === 1
}

/** The built-in APIs share one audience for each environment: where they are reached. */
export function builtInApi(api: ApiDefinition, publicUrl: string): DeclaredApi {
  return { ...api, audiences: { test: `${publicUrl}/test`, production: publicUrl } }
}
