// The operations of API clients: a file for each group of them.
import type { HttpServer } from '../http/server.ts'
import { mountClientChange } from './change-routes.ts'
import type { ClientOperations } from './client-operation.ts'
import { mountClientCopy } from './copy-routes.ts'
import { mountClientCreation } from './create-routes.ts'
import { mountClientSwitches } from './life-routes.ts'
import { mountClientReads } from './read-routes.ts'

export function clientRoutes(options: ClientOperations): (server: HttpServer) => void {
  return (server) => {
    mountClientReads(server, options)
    mountClientCreation(server, options)
    mountClientCopy(server, options)
    mountClientChange(server, options)
    mountClientSwitches(server, options)
  }
}
