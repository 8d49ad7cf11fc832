import { Type } from 'typebox'
import type { Database } from '../database/tables.ts'
import { callerOf } from '../http/guarded-routes.ts'
import { listOf, listQuery, page, pageRequest } from '../http/list.ts'
import type { HttpServer } from '../http/server.ts'
import { isoTime } from '../vocabulary/clock.ts'
import { listEvents, type StoredEvent } from './store.ts'

export const eventAnswer = Type.Object({
  id: Type.String({
    description: 'evt_ and a UUIDv7.',
    examples: ['evt_01993f3c-7a2b-7c41-9b0e-5f1d2c3b4a59'],
  }),
  type: Type.String({ description: 'What happened, e.g. document.created.', examples: ['document.created'] }),
  timestamp: Type.String({ format: 'date-time', description: 'When it happened.' }),
  data: Type.Object({}, { additionalProperties: true, description: 'Ids and states; no personal data.' }),
})

export function notificationRoutes(db: Database): (server: HttpServer) => void {
  return (server) => {
    server.get(
      '/events',
      {
        config: { scope: 'event' },
        schema: {
          operationId: 'listEvents',
          summary: 'List events, newest first',
          querystring: listQuery,
          response: { 200: listOf(eventAnswer) },
        },
      },
      async (request) => {
        const wanted = pageRequest(request.query)
        const { items, nextCursor } = page(await listEvents(db, callerOf(request), wanted), wanted.limit)
        return { items: items.map(presentEvent), nextCursor }
      },
    )
  }
}

export function presentEvent({ createdAt, ...event }: StoredEvent) {
  return { ...event, timestamp: isoTime(createdAt) }
}
