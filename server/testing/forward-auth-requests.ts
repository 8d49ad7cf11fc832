// The requests of a proxy to forward-auth, as tests make them.
import { registerOrders } from './orders-api.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

/** The address of the trusted proxy. */
export const proxy = '10.0.0.1'
export const settings = {
  LATCHKEY_TRUSTED_PROXIES: proxy,
  LATCHKEY_MTLS_URL: 'https://mtls.api.example',
}
export const [testApi, productionApi] = ['https://test.orders.example', 'https://orders.example']

export const asked = (resource = testApi, scope = 'orders_read') =>
  `/oauth/forward-auth?resource=${encodeURIComponent(resource)}&scope=${scope}`

export const bearer = (text: string) => ({ authorization: `Bearer ${text}` })

/** A world with the API of the operator's own. */
export async function openForwardAuthWorld(options?: WorldOptions): Promise<World> {
  const opened = await createWorld({ settings, ...options })
  await registerOrders(opened)
  return opened
}

/** A request of the proxy, with what the caller sent it. @param world asked where a call names no other. */
export function createAsk(world: () => World) {
  return (
    headers: Record<string, string | string[]> = {},
    { url = asked(), method = 'GET' as const, from = proxy, at = world() } = {},
  ) => at.inject({ url, method, headers, remoteAddress: from })
}
