// What is done to a client as a whole.
import { api, queryClient, read } from '../../api.ts'
import type { Environment } from '../../paths.ts'
import { type Changed, clientChanged } from './queries.ts'

export type Command = 'disable' | 'enable' | 'revoke-tokens' | 'delete' | 'restore'

/** @throws {ApiProblem} */
export async function runCommand(
  command: Command,
  environment: Environment,
  clientId: string,
): Promise<Changed> {
  const params = { path: { environment, clientId } }
  const path = '/account/{environment}/api-clients/{clientId}'
  const calls = {
    disable: () => api.POST(`${path}/disable`, { params }),
    enable: () => api.POST(`${path}/enable`, { params }),
    'revoke-tokens': () => api.POST(`${path}/revoke-tokens`, { params }),
    delete: () => api.DELETE(path, { params }),
    restore: () => api.POST(`${path}/restore`, { params }),
  } as const
  const changed = await read(calls[command]())
  await clientChanged(environment, clientId)
  await queryClient.invalidateQueries({ queryKey: ['last-hour', environment, clientId] })
  return changed
}
