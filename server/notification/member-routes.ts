// The events of an account as its members see them in the dashboard.
import { Type } from 'typebox'
import type { Database } from '../database/tables.ts'
import { ownerOf } from '../http/account-routes.ts'
import { environmentParam } from '../http/environment-params.ts'
import { listOf, listQuery, page, pageRequest } from '../http/list.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { Problem } from '../vocabulary/problem.ts'
import { eventAnswer, presentEvent } from './routes.ts'
import { findEvent, listEvents } from './store.ts'

const config = { permission: 'contents:read' as const }
const tags = ['Contents']

export function eventReads(db: Database): (server: HttpServer) => void {
  return (server) => {
    server.get(
      '/:environment/events',
      {
        config,
        schema: {
          operationId: 'listAccountEvents',
          summary: 'List the events of the account, newest first',
          tags,
          params: Type.Object({ environment: environmentParam }),
          querystring: listQuery,
          response: { 200: listOf(eventAnswer) },
        },
      },
      async (request) => {
        const wanted = pageRequest(request.query)
        const found = page(await listEvents(db, ownerOf(request), wanted), wanted.limit)
        return { ...found, items: found.items.map(presentEvent) }
      },
    )

    server.get(
      '/:environment/events/:eventId',
      {
        config,
        schema: {
          operationId: 'getAccountEvent',
          summary: 'Read an event of the account',
          tags,
          params: Type.Object({ environment: environmentParam, eventId: Type.String({ maxLength: 128 }) }),
          response: { 200: eventAnswer, 404: problemSchema('There is no such event') },
        },
      },
      async (request) => {
        const event = await findEvent(db, ownerOf(request), request.params.eventId)
        if (!event) throw new Problem('not_found', 'There is no such event in this account and environment.')
        return presentEvent(event)
      },
    )
  }
}
