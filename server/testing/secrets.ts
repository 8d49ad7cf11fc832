// The secrets operations of the account API, as a program calls them.
import type { LightMyRequestResponse } from 'fastify'
import type { TestClient, World } from './world.ts'

export type SecretCall = (
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<LightMyRequestResponse>

/**
 * Calls below `/account/{environment}/api-clients/{client}/secrets` as a client that may read and write.
 * @param manager default: one of the account that is made for it.
 */
export async function secretsOf(world: World, client: TestClient, manager?: TestClient): Promise<SecretCall> {
  const environment = client.clientId.startsWith('prod') ? 'production' : 'test'
  const scopes = ['account_read', 'account_write']
  const caller = manager ?? (await world.makeClient({ scopes, environment }))
  let token: Promise<string> | undefined
  let tokenOf = Number.NEGATIVE_INFINITY
  return async (method, path, body, headers = {}) => {
    // The clock of a test moves by days.
    if (world.clock.now() - tokenOf > 60_000) {
      tokenOf = world.clock.now()
      token = world.token(scopes, caller)
    }
    return world.inject({
      method,
      url: `/account/${environment}/api-clients/${client.clientId}/secrets${path}`,
      headers: { authorization: `Bearer ${await token}`, ...headers },
      ...(body && { payload: body }),
    })
  }
}
