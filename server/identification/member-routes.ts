// The identifications of an account as its members see them in the dashboard.
import { Type } from 'typebox'
import type { Database } from '../database/tables.ts'
import { ownerOf } from '../http/account-routes.ts'
import { environmentParam } from '../http/environment-params.ts'
import { listOf, listQuery, page, pageRequest } from '../http/list.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import type { Now } from '../vocabulary/clock.ts'
import { Problem } from '../vocabulary/problem.ts'
import { presentSession, sessionAnswer } from './routes.ts'
import { findSession, listSessions } from './store.ts'

const config = { permission: 'contents:read' as const }
const tags = ['Contents']

export function identificationReads(db: Database, now: Now): (server: HttpServer) => void {
  return (server) => {
    server.get(
      '/:environment/identifications',
      {
        config,
        schema: {
          operationId: 'listAccountIdentifications',
          summary: 'List the identifications of the account, newest first',
          tags,
          params: Type.Object({ environment: environmentParam }),
          querystring: listQuery,
          response: { 200: listOf(sessionAnswer) },
        },
      },
      async (request) => {
        const wanted = pageRequest(request.query)
        const found = page(await listSessions(db, ownerOf(request), wanted, now()), wanted.limit)
        return { ...found, items: found.items.map(presentSession) }
      },
    )

    server.get(
      '/:environment/identifications/:identificationId',
      {
        config,
        schema: {
          operationId: 'getAccountIdentification',
          summary: 'Read an identification of the account',
          tags,
          params: Type.Object({
            environment: environmentParam,
            identificationId: Type.String({ maxLength: 128 }),
          }),
          response: { 200: sessionAnswer, 404: problemSchema('There is no such identification') },
        },
      },
      async (request) => {
        const { identificationId } = request.params
        const session = await findSession(db, ownerOf(request), identificationId, now())
        if (!session)
          throw new Problem('not_found', 'There is no such identification in this account and environment.')
        return presentSession(session)
      },
    )
  }
}
