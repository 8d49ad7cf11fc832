import type { Database } from '../database/tables.ts'
import { addApi, addScope, type CatalogueChange, changeApi, changeScope } from './change.ts'
import { type DeclaredApi, findApi, listScopes } from './store.ts'

/**
 * Brings an API and the scopes named to this state; scopes that are not named, and members that are left out, stay as
 * they are. Nothing is written when nothing differs.
 */
export async function bringApi(change: CatalogueChange, api: DeclaredApi, builtIn = false): Promise<void> {
  const known = await findApi(change.tx, api.id)
  if (!known) {
    await addApi(change, api, builtIn)
    return
  }
  const { name, description, audiences, resourceServers } = api
  await changeApi(change, known, {
    name,
    // In the order in which they are read: the difference is found by comparing texts.
    audiences: { test: audiences.test, production: audiences.production },
    ...(description !== undefined && { description }),
    ...(resourceServers && { resourceServers }),
  })
  const scopes = new Map((await listScopes(change.tx, api.id)).map((scope) => [scope.name, scope]))
  for (const declared of api.scopes) {
    const scope = scopes.get(declared.name)
    const { description: text, access, endpoints } = declared
    if (!scope) await addScope(change, api.id, declared)
    else
      await changeScope(change, scope, {
        description: text,
        ...(access && { access }),
        ...(endpoints && { endpoints }),
      })
  }
}

/** The same without an entry in the audit trail: what is built in is no change of anybody. */
export async function putApi(db: Database, api: DeclaredApi, builtIn: boolean, nowMs: number): Promise<void> {
  const change = { tx: db, nowMs, note: () => undefined, grantToHolders: async () => 0 }
  await bringApi(change, api, builtIn)
}
