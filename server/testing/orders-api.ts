// An API of the operator's own, registered in a test's Latchkey: what forward-auth and the guard elsewhere protect.
import { applySetup } from '../setup/apply.ts'
import { parseDeclaredSetup } from '../setup/declared-setup.ts'
import type { World } from './world.ts'

export const ordersApi = {
  id: 'orders',
  name: 'Orders',
  audiences: { production: 'https://orders.example', test: 'https://test.orders.example' },
  scopes: [
    { name: 'orders_read', description: 'Read orders' },
    { name: 'orders_write', description: 'Change orders' },
  ],
} as const

export const ordersScopes = ['orders_read', 'orders_write'] as const

/** Registers the API. @param resourceServers ids of clients that there are. @param more scopes beside its own. */
export async function registerOrders(
  world: World,
  resourceServers: readonly string[] = [],
  more: readonly { name: string; description: string }[] = [],
): Promise<void> {
  const context = { pepper: world.app.pepper, nowMs: world.clock.now(), newId: world.newId }
  const api = { ...ordersApi, scopes: [...ordersApi.scopes, ...more], resourceServers }
  const setup = parseDeclaredSetup(JSON.stringify({ apis: [api] }))
  await applySetup(world.database.db, setup, context)
  await world.app.catalogue.reload()
}
