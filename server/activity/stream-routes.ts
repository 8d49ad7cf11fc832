import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import { mayStillCall, ownerOf } from '../http/account-routes.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import type { Now } from '../vocabulary/clock.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { ActivityStore } from './activity-store.ts'
import { activityTags, environmentParams } from './entry-routes.ts'
import { filterOf, filterQuery } from './filter.ts'
import { openActivityStream } from './stream.ts'

/** Open at once on a node: each asks the store once a second. */
const streamsOfAccount = 20
const streamsOfNode = 200

export function mountActivityStream(server: HttpServer, store: ActivityStore, now: Now): void {
  const open = new Set<{ accountId: string; end: () => void }>()
  // An open stream is an open request: a stop would wait for it.
  server.addHook('preClose', (done) => {
    for (const { end } of open) end()
    done()
  })
  server.get(
    '/:environment/activity/stream',
    {
      config: { permission: 'activity:read' },
      // A HEAD would open a stream and throw it away.
      exposeHeadRoute: false,
      schema: {
        operationId: 'followActivity',
        summary: 'Follow token requests and API calls as they happen',
        description: `Server-sent events: \`activity\`, with the entry as data and its requestId as id, within two seconds of the answer. Last-Event-ID resumes; what happened in the two seconds before it may come again. A reader who is too slow is dropped; \`skipped\` says that more happened than is shown. It ends when the token does. At most ${streamsOfAccount} at once.`,
        tags: activityTags,
        params: environmentParams,
        querystring: filterQuery,
        headers: Type.Object({
          'last-event-id': Type.Optional(
            Type.String({ maxLength: 200, description: 'The id of the last event that you have.' }),
          ),
        }),
        response: {
          200: {
            description: 'Events, as long as both sides hold on.',
            content: { 'text/event-stream': { schema: Type.Unsafe<Readable>({ type: 'string' }) } },
          },
          429: problemSchema('Too many streams of this account are open'),
        },
      },
    },
    async (request, reply) => {
      const owner = ownerOf(request)
      refuseTooMany(open, owner.accountId)
      const { body, end } = openActivityStream({
        store,
        now,
        filter: filterOf(owner, request.query),
        lastId: readLastId(request.headers['last-event-id']),
        mayStill: () => mayStillCall(request, now()),
        onError: (error) =>
          request.log.warn({ requestId: request.id, err: error }, 'a stream of activity failed'),
      })
      const entry = { accountId: owner.accountId, end }
      open.add(entry)
      body.once('close', () => open.delete(entry))
      return reply
        .headers({
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        })
        .send(body)
    },
  )
}

function refuseTooMany(open: ReadonlySet<{ accountId: string }>, accountId: string): void {
  const own = [...open].filter((stream) => stream.accountId === accountId).length
  if (own < streamsOfAccount && open.size < streamsOfNode) return
  throw new Problem(
    'rate_limited',
    own < streamsOfAccount
      ? 'Too many streams are open here. Read the list meanwhile.'
      : `This account has ${own} streams open. Close one, or read the list.`,
    { headers: { 'retry-after': '10' } },
  )
}

/** Not one of ours: the stream begins now, as a browser that has none would have it. */
function readLastId(header: string | undefined): string | undefined {
  return header !== undefined && /^req_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(header)
    ? header
    : undefined
}
