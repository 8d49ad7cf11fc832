import { Type } from 'typebox'
import { ownerOf } from '../http/account-routes.ts'
import type { HttpServer } from '../http/server.ts'
import { isoTime, type Now } from '../vocabulary/clock.ts'
import type { ActivityStore } from './activity-store.ts'
import { clientsShown, countActivity, countedTime } from './counts.ts'
import { activityTags, environmentParams } from './entry-routes.ts'
import { filterMembers } from './filter.ts'

const count = Type.Integer({ minimum: 0 })

export function mountCounts(server: HttpServer, store: ActivityStore, now: Now): void {
  server.get(
    '/:environment/activity/counts',
    {
      config: { permission: 'activity:read' },
      schema: {
        operationId: 'countActivity',
        summary: 'Count token requests and API calls by hour or day',
        description:
          'Whole hours or days in UTC, also those in which nothing happened. Counts are kept longer than entries.',
        tags: activityTags,
        params: environmentParams,
        querystring: Type.Object(
          {
            interval: Type.Enum(['hour', 'day'], { default: 'hour' }),
            from: Type.Optional(
              Type.String({
                format: 'date-time',
                description: 'Default: a day ago by hour, 30 days ago by day.',
              }),
            ),
            to: Type.Optional(Type.String({ format: 'date-time', description: 'Default: now.' })),
            clientId: filterMembers.clientId,
            kind: filterMembers.kind,
            by: Type.Optional(
              Type.Enum(['client'], {
                description: `A series for each client: for the ${clientsShown} with the most requests.`,
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            interval: Type.Enum(['hour', 'day']),
            from: Type.String({ format: 'date-time' }),
            to: Type.String({ format: 'date-time' }),
            series: Type.Array(
              Type.Object({
                clientId: Type.Union([Type.String(), Type.Null()], { description: 'Null: all together.' }),
                kind: Type.Enum(['token_request', 'api_call']),
                granted: count,
                refused: count,
                points: Type.Array(
                  Type.Object({ at: Type.String({ format: 'date-time' }), granted: count, refused: count }),
                ),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const { query } = request
      const time = countedTime(query, now())
      return {
        interval: query.interval,
        from: isoTime(time.fromMs),
        to: isoTime(time.toMs),
        series: await countActivity(store, ownerOf(request), query, time),
      }
    },
  )
}
