// A test stand: the real server, and the proxy in front of it.
import { createWorld, type World } from '../../server/testing/world.ts'
import { createClientOn, type Latchkey } from '../create-client.ts'
import type { ClientOptions } from '../settings/options.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { createMachine, type Machine } from './machine.ts'

export interface Stand {
  world: World
  proxy: FaultProxy
  /** Settings for a new API client of the server, reached through the proxy. */
  settings: (wish?: Parameters<World['makeClient']>[0]) => Promise<Required<Credentials>>
  /** A new API client, and the SDK for it on a machine of its own. */
  client: (wish?: Parameters<World['makeClient']>[0], options?: ClientOptions) => Promise<StandClient>
  close: () => Promise<void>
}

export interface StandClient {
  api: Latchkey
  machine: Machine
  settings: Credentials
}

type Credentials = {
  url: string
  clientId: string
  clientSecret: string
  scopes: readonly string[]
}

export async function createStand(): Promise<Stand> {
  const world = await createWorld()
  const proxy = await startFaultProxy(await world.listen())
  const settings: Stand['settings'] = async (wish = {}) => {
    const { clientId, clientSecret } = await world.makeClient(wish)
    return { url: proxy.url, clientId, clientSecret, scopes: wish.scopes ?? ['document_read', 'identify'] }
  }
  return {
    world,
    proxy,
    settings,
    async client(wish, options) {
      const machine = createMachine()
      const made = await settings(wish)
      return { api: createClientOn(machine, { ...made, ...options }), machine, settings: made }
    },
    async close() {
      await proxy.close()
      await world.close()
    },
  }
}

/** Waits for something that happens in the background, in steps of a millisecond. */
export async function until(condition: () => boolean): Promise<void> {
  for (let step = 0; step < 2000 && !condition(); step += 1)
    await new Promise((resolve) => setTimeout(resolve, 1))
  if (!condition()) throw new Error('It did not happen within two seconds.')
}

/** Waits until a renewal in the background brought another token. */
export async function replaced(
  api: { token: () => Promise<string> },
  first: string | undefined,
): Promise<string> {
  for (let step = 0; step < 1000; step += 1) {
    const token = await api.token()
    if (token !== first) return token
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  throw new Error('The token was not renewed within a second.')
}
