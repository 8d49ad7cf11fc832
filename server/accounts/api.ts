import type { ApiDefinition } from '../vocabulary/api-definition.ts'
import { permissions, type ReservedScope, reservedScopes } from '../vocabulary/permission.ts'

/** Latchkey's own operations as an API of the catalogue: its scopes are reserved. */
export const accountApi: ApiDefinition = {
  id: 'account',
  name: 'Account',
  description: 'API clients, their secrets, the catalogue, activity and audit of an account',
  scopes: reservedScopes.map((name) => ({ name, description: describe(name), access: 'reserved' })),
}

function describe(scope: ReservedScope): string {
  const allowed = Object.values(permissions)
    .filter((rule) => rule.scope === scope)
    .map((rule) => rule.allows)
  const text = allowed.join('; ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
