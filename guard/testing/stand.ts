// A test stand: the real server, a proxy in front of it that can fail, and an API of the operator's own.
import { type FaultProxy, startFaultProxy } from '../../client/testing/fault-proxy.ts'
import { registerOrders } from '../../server/testing/orders-api.ts'
import { createWorld, type TestClient, type World } from '../../server/testing/world.ts'
import { GuardError } from '../errors.ts'
import { createGuard, type Guard } from '../guard.ts'
import type { GuardOptions } from '../guard-options.ts'

export interface Stand {
  world: World
  proxy: FaultProxy
  /** The API's own client, in test. */
  resourceServer: TestClient
  /** A guard of the API elsewhere: it reaches the server through the proxy, and its clock is the server's. */
  guard: (options: Partial<GuardOptions>) => Guard
  /** Ends what the guards of a test do, and lets everything pass again. */
  reset: () => void
  close: () => Promise<void>
}

export const scopes = ['orders_read', 'orders_write'] as const
export const audience = 'https://test.orders.example'

export async function createStand(): Promise<Stand> {
  const world = await createWorld()
  const proxy = await startFaultProxy(await world.listen())
  const resourceServer = await world.makeClient({ scopes })
  await registerOrders(world, [resourceServer.clientId])
  const guards: Guard[] = []
  const reset = () => {
    for (const guard of guards.splice(0)) guard.close()
    proxy.reset()
  }
  return {
    world,
    proxy,
    resourceServer,
    guard(options) {
      const guard = createGuard({
        issuer: `${world.url}/oauth`,
        audiences: { test: audience },
        resourceServer: { test: resourceServer },
        now: world.clock.now,
        onError: () => undefined,
        ...options,
      })
      guards.push(guard)
      return guard
    },
    reset,
    async close() {
      reset()
      await proxy.close()
      await world.close()
    },
  }
}

/** The status of a check: 200, or what it was refused with. */
export async function statusOf(guard: Guard, token: string, scope = 'orders_read'): Promise<number> {
  return guard.check(`Bearer ${token}`, scope).then(
    () => 200,
    (error: unknown) => {
      if (error instanceof GuardError) return error.status
      throw error
    },
  )
}
