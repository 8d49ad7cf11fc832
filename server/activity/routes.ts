import type { HttpServer } from '../http/server.ts'
import { mountCounts } from './counts-routes.ts'
import { mountDeploymentEntries, mountEntries } from './entry-routes.ts'
import { createExplanation, type ExplanationOptions } from './explanation.ts'
import { mountReuse, type ReuseOptions } from './reuse-routes.ts'
import { mountActivityStream } from './stream-routes.ts'
import { mountDeprecatedHostUse, mountUnusedScopes, type UseOptions } from './use-routes.ts'

export type ActivityRoutesOptions = ReuseOptions & UseOptions & Omit<ExplanationOptions, 'findScopes'>

/** Everything that is read of what happened. */
export function activityRoutes(options: ActivityRoutesOptions): (server: HttpServer) => void {
  const { store, now, findClient } = options
  const explain = createExplanation({
    ...options,
    findScopes: async (owner, clientId) => (await findClient(owner, clientId))?.scopes,
  })
  return (server) => {
    mountEntries(server, store, explain)
    mountDeploymentEntries(server, store, explain)
    mountActivityStream(server, store, now)
    mountCounts(server, store, now)
    mountReuse(server, options)
    mountUnusedScopes(server, options)
    mountDeprecatedHostUse(server, options)
  }
}
