// What is not used any more, and what should not be: scopes that nobody needs, and the deprecated host.
import { Type } from 'typebox'
import { ownerOf } from '../http/account-routes.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { isoTime, isoTimeOrNull, type Now, timeText } from '../vocabulary/clock.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { ActivityStore, ScopeUse } from './activity-store.ts'
import { activityTags, environmentParams } from './entry-routes.ts'
import type { ClientFacts, FindClientFacts } from './reuse-routes.ts'

export interface UseOptions {
  store: ActivityStore
  now: Now
  findClient: FindClientFacts
  deprecated: { hosts: readonly string[]; sinceMs: number; sunsetMs: number | undefined } | undefined
}

const unusedDays = 30
const dayMs = 86_400_000
const timeOrNull = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description })

export function mountUnusedScopes(server: HttpServer, { store, now, findClient }: UseOptions): void {
  server.get(
    '/:environment/api-clients/:clientId/unused-scopes',
    {
      config: { permission: 'activity:read' },
      schema: {
        operationId: 'listUnusedScopes',
        summary: 'Find the scopes of a client that it does not use',
        description: `Unused: neither asked for in a token request nor needed by a call for ${unusedDays} days. Calls to APIs that are guarded elsewhere are not seen here; asking for their scopes is.`,
        tags: activityTags,
        params: Type.Object({
          ...environmentParams.properties,
          clientId: Type.String({ minLength: 1, maxLength: 128 }),
        }),
        response: {
          200: Type.Object({
            days: Type.Integer(),
            judgedFrom: timeOrNull('Until then the client is too young to be judged; null: it is judged.'),
            unused: Type.Array(Type.String()),
            scopes: Type.Array(
              Type.Object({
                scope: Type.String(),
                unused: Type.Boolean(),
                lastRequestedAt: timeOrNull('When a token with it was last asked for.'),
                lastCalledAt: timeOrNull('When an operation that needs it was last called here.'),
              }),
            ),
            sentence: Type.String(),
          }),
          404: problemSchema('There is no such client in this account and environment'),
        },
      },
    },
    async (request) => {
      const owner = ownerOf(request)
      const { clientId } = request.params
      const client = await findClient(owner, clientId)
      if (!client)
        throw new Problem('not_found', 'There is no such API client in this account and environment.')
      return judgeScopes(client, await store.scopeUse(owner, clientId), now())
    },
  )
}

function judgeScopes(client: ClientFacts, uses: readonly ScopeUse[], nowMs: number) {
  const judgedFromMs = client.createdAt + unusedDays * dayMs
  const isYoung = nowMs < judgedFromMs
  const scopes = client.scopes.map((scope) => {
    const use = uses.find((candidate) => candidate.scope === scope)
    const lastMs = Math.max(use?.requestedAt ?? 0, use?.calledAt ?? 0)
    return {
      scope,
      unused: !isYoung && lastMs < nowMs - unusedDays * dayMs,
      lastRequestedAt: isoTimeOrNull(use?.requestedAt),
      lastCalledAt: isoTimeOrNull(use?.calledAt),
    }
  })
  const unused = scopes.filter((scope) => scope.unused).map(({ scope }) => scope)
  return {
    days: unusedDays,
    judgedFrom: isYoung ? isoTime(judgedFromMs) : null,
    unused,
    scopes,
    sentence: isYoung
      ? `The client exists since ${timeText(client.createdAt)}: too young to say which scopes it does not use.`
      : unused.length === 0
        ? `Every scope was used in the last ${unusedDays} days.`
        : `Not used for ${unusedDays} days: ${unused.join(', ')}. Take them from the client; tokens that it has keep them until they expire.`,
  }
}

export function mountDeprecatedHostUse(server: HttpServer, { store, now, deprecated }: UseOptions): void {
  server.get(
    '/:environment/deprecated-host-use',
    {
      config: { permission: 'activity:read' },
      schema: {
        operationId: 'listDeprecatedHostUse',
        summary: 'Find the clients that still use a deprecated host name',
        description: `In the last ${unusedDays} days, by whole days.`,
        tags: activityTags,
        params: environmentParams,
        response: {
          200: Type.Object({
            hosts: Type.Array(Type.String(), {
              description: 'The host names to leave; empty: there are none.',
            }),
            deprecatedSince: timeOrNull('Since when they are deprecated.'),
            sunset: timeOrNull('When they stop answering.'),
            items: Type.Array(
              Type.Object({
                clientId: Type.String(),
                host: Type.String(),
                count: Type.Integer(),
                lastAt: Type.String({ format: 'date-time' }),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const hosts = deprecated?.hosts ?? []
      const uses = hosts.length === 0 ? [] : await store.hostUse(ownerOf(request), now() - unusedDays * dayMs)
      return {
        hosts: [...hosts],
        deprecatedSince: isoTimeOrNull(deprecated?.sinceMs),
        sunset: isoTimeOrNull(deprecated?.sunsetMs),
        items: uses
          .filter(({ host }) => hosts.includes(host))
          .sort((left, right) => right.lastAt - left.lastAt)
          .map((use) => ({ ...use, lastAt: isoTime(use.lastAt) })),
      }
    },
  )
}
