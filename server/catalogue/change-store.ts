import { recordChange } from '../database/changes.ts'
import type { Database } from '../database/tables.ts'
import type { ScopeAccess } from '../vocabulary/api-definition.ts'
import type { Environment } from '../vocabulary/environment.ts'

/** What can be changed of an API. */
export interface ApiFacts {
  name: string
  description: string
  audiences: Record<Environment, string>
  resourceServers: readonly string[]
}

/** What can be changed of a scope. */
export interface ScopeFacts {
  description: string
  access: ScopeAccess
  endpoints: readonly string[]
  deprecatedAt: number | null
  deprecationNote: string | null
  retiredAt: number | null
}

/**
 * One change of the catalogue at a time until this transaction ends: audiences and scope names are unique over all
 * APIs, which no index says. On SQLite a transaction is alone anyway.
 */
export async function lockCatalogue(tx: Database): Promise<void> {
  await tx
    .updateTable('api')
    .set((eb) => ({ version: eb.ref('version') }))
    .where('id', '=', 'account')
    .execute()
}

export async function insertApi(
  tx: Database,
  api: ApiFacts & { id: string },
  builtIn: boolean,
  nowMs: number,
): Promise<void> {
  await tx
    .insertInto('api')
    .values({
      id: api.id,
      name: api.name,
      description: api.description,
      audience_test: api.audiences.test,
      audience_production: api.audiences.production,
      resource_servers: JSON.stringify(api.resourceServers),
      built_in: builtIn ? 1 : 0,
      created_at: nowMs,
    })
    // Two nodes that start at once both bring the built-in ones.
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ name: api.name, description: api.description }),
    )
    .execute()
  await recordChange(tx, 'catalogue', api.id, nowMs)
}

/** Changes an API, or with no facts says only that one of its scopes changed. @returns its new version. */
export async function updateApi(
  tx: Database,
  apiId: string,
  facts: Partial<ApiFacts>,
  nowMs: number,
): Promise<number> {
  const { version } = await tx
    .updateTable('api')
    .set((eb) => ({ ...apiColumns(facts), version: eb('version', '+', 1) }))
    .where('id', '=', apiId)
    .returning('version')
    .executeTakeFirstOrThrow()
  await recordChange(tx, 'catalogue', apiId, nowMs)
  return version
}

/** Removes an API with its scopes. */
export async function deleteApi(tx: Database, apiId: string, nowMs: number): Promise<void> {
  await tx.deleteFrom('scope').where('api_id', '=', apiId).execute()
  await tx.deleteFrom('api').where('id', '=', apiId).execute()
  await recordChange(tx, 'catalogue', apiId, nowMs)
}

export async function insertScopes(
  tx: Database,
  apiId: string,
  scopes: readonly ({ name: string } & Pick<ScopeFacts, 'description' | 'access' | 'endpoints'>)[],
  nowMs: number,
): Promise<void> {
  if (scopes.length === 0) return
  await tx
    .insertInto('scope')
    .values(
      scopes.map(({ name, description, access, endpoints }) => ({
        name,
        api_id: apiId,
        description,
        access,
        endpoints: JSON.stringify(endpoints),
        created_at: nowMs,
      })),
    )
    // Two nodes that start at once both bring the built-in ones.
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({
        description: eb.ref('excluded.description'),
        access: eb.ref('excluded.access'),
        endpoints: eb.ref('excluded.endpoints'),
      })),
    )
    .execute()
}

export async function updateScope(tx: Database, name: string, facts: Partial<ScopeFacts>): Promise<void> {
  await tx.updateTable('scope').set(scopeColumns(facts)).where('name', '=', name).execute()
}

function apiColumns({ audiences, resourceServers, ...named }: Partial<ApiFacts>) {
  return {
    ...named,
    ...(audiences && { audience_test: audiences.test, audience_production: audiences.production }),
    ...(resourceServers && { resource_servers: JSON.stringify(resourceServers) }),
  }
}

function scopeColumns({
  endpoints,
  deprecatedAt,
  deprecationNote,
  retiredAt,
  ...named
}: Partial<ScopeFacts>) {
  return {
    ...named,
    ...(endpoints && { endpoints: JSON.stringify(endpoints) }),
    ...(deprecatedAt !== undefined && { deprecated_at: deprecatedAt }),
    ...(deprecationNote !== undefined && { deprecation_note: deprecationNote }),
    ...(retiredAt !== undefined && { retired_at: retiredAt }),
  }
}
