// Reuse health: the token requests of each client beside its calls, a verdict, and the change of code that mends it.
import { Type } from 'typebox'
import { ownerOf } from '../http/account-routes.ts'
import type { HttpServer } from '../http/server.ts'
import { isoTime, type Now } from '../vocabulary/clock.ts'
import type { Owner } from '../vocabulary/owner.ts'
import type { ActivityStore, ActivityTime } from './activity-store.ts'
import { activityTags, environmentParams } from './entry-routes.ts'
import { filterMembers } from './filter.ts'
import { judgeReuse, type ReuseHealth } from './reuse.ts'

/** What is asked of a client here; `app.ts` hands it in. */
export interface ClientFacts {
  scopes: readonly string[]
  tokenLifetimeSeconds: number
  /** Milliseconds. */
  createdAt: number
}

export type FindClientFacts = (owner: Owner, clientId: string) => Promise<ClientFacts | undefined>

export interface ReuseOptions {
  store: ActivityStore
  now: Now
  findClient: FindClientFacts
  /** True for a scope of an API whose calls are seen here. */
  isCalledHere: (scope: string) => boolean
  /** How code reuses a token: with the SDK, and with nothing but fetch. */
  codeChange: { sdk: string; fetch: string }
}

const hourMs = 3_600_000
/** Those with the most token requests: who asks too often is among them. */
const clientsShown = 100

const reuseSchema = Type.Object({
  clientId: Type.String(),
  tokenRequests: Type.Integer(),
  apiCalls: Type.Integer(),
  tokenRequestsPer100Calls: Type.Union([Type.Integer(), Type.Null()]),
  healthyPercent: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Of 100 calls those without a token request too many. From 90 on it is healthy.',
  }),
  verdict: Type.Enum(['healthy', 'fair', 'poor', 'too_few_calls', 'no_calls_seen', 'calls_elsewhere']),
  sentence: Type.String(),
})

export function mountReuse(server: HttpServer, options: ReuseOptions): void {
  server.get(
    '/:environment/reuse',
    {
      config: { permission: 'activity:read' },
      schema: {
        operationId: 'judgeTokenReuse',
        summary: 'Judge how well clients reuse their tokens',
        description: `Of the ${clientsShown} clients with the most token requests. Granted requests and calls count, by whole hours.`,
        tags: activityTags,
        params: environmentParams,
        querystring: Type.Object(
          {
            hours: Type.Integer({ minimum: 1, maximum: 168, default: 24, description: 'How far back.' }),
            clientId: filterMembers.clientId,
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            from: Type.String({ format: 'date-time' }),
            to: Type.String({ format: 'date-time' }),
            items: Type.Array(reuseSchema),
            codeChange: Type.Object(
              { sdk: Type.String(), fetch: Type.String() },
              { description: 'How code keeps a token: with the SDK, and with nothing but fetch.' },
            ),
            docsPath: Type.String(),
          }),
        },
      },
    },
    async (request) => {
      const { hours, clientId } = request.query
      const toMs = options.now() + 1
      const time = { fromMs: Math.floor((toMs - hours * hourMs) / hourMs) * hourMs, toMs }
      return {
        from: isoTime(time.fromMs),
        to: isoTime(time.toMs),
        items: await judgeClients(options, ownerOf(request), clientId, time),
        codeChange: options.codeChange,
        docsPath: '/docs/reuse',
      }
    },
  )
}

interface Totals {
  tokenRequests: number
  apiCalls: number
}

/** Each client that did something in this time, those with the most token requests first. */
export async function judgeClients(
  options: Pick<ReuseOptions, 'store' | 'findClient' | 'isCalledHere'>,
  owner: Owner,
  clientId: string | undefined,
  time: ActivityTime,
): Promise<(ReuseHealth & Totals & { clientId: string })[]> {
  const totals = new Map<string, Totals>()
  for (const total of await options.store.clientTotals({ of: owner, clientId, ...time })) {
    const sums = totals.get(total.clientId) ?? { tokenRequests: 0, apiCalls: 0 }
    sums[total.kind === 'token_request' ? 'tokenRequests' : 'apiCalls'] += total.granted
    totals.set(total.clientId, sums)
  }
  const shown = [...totals]
    .filter(([, { tokenRequests, apiCalls }]) => tokenRequests + apiCalls > 0)
    .sort(([, left], [, right]) => right.tokenRequests - left.tokenRequests)
    .slice(0, clientsShown)
  return Promise.all(shown.map(async ([id, sums]) => ({ clientId: id, ...sums, ...(await judge(id, sums)) })))

  async function judge(id: string, sums: Totals): Promise<ReuseHealth> {
    const client = await options.findClient(owner, id)
    return judgeReuse({
      ...sums,
      activeHours: await activeHours(options.store, owner, id, time, sums),
      tokenLifetimeSeconds: client?.tokenLifetimeSeconds ?? 3600,
      callsElsewhere: client?.scopes.some((scope) => !options.isCalledHere(scope)) === true,
    })
  }
}

/** Only looked for where it decides: one token and thousands of calls are fine in however many hours. */
async function activeHours(
  store: ActivityStore,
  of: Owner,
  clientId: string,
  time: ActivityTime,
  { tokenRequests, apiCalls }: Totals,
): Promise<number> {
  if (apiCalls === 0 || tokenRequests * 10 <= apiCalls) return 1
  const hours = await store.hours({ of, clientId, ...time })
  return hours.filter(({ kind, granted }) => kind === 'api_call' && granted > 0).length
}
