import type { AccessToken, Guard } from '@latchkey/guard'
import type { FastifyRequest } from 'fastify'
import type { ApiDefinition } from '../vocabulary/api-definition.ts'
import type { Caller } from '../vocabulary/caller.ts'
import { Problem } from '../vocabulary/problem.ts'
import { problemSchema } from './problem-schema.ts'
import { noteRefusedToken, type RecordCall, recordCalls } from './recorded-calls.ts'
import type { HttpServer } from './server.ts'
import { createTokenCheck, deadTokenDetail, type TokenCheckOptions } from './token-check.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a guarded route requires. */
    scope?: string
    /** True for a route that takes a large or slow body itself. */
    streamsBody?: boolean
  }
}

/** What the guarded routes need of other slices; `app.ts` hands it in. */
export interface GuardedRoutesOptions extends TokenCheckOptions {
  /** Whose token it is; undefined when its client is gone or disabled. */
  findCaller: (token: AccessToken, address: string) => Promise<Caller | undefined>
  recordCall: RecordCall
}

const callers = new WeakMap<FastifyRequest, Caller>()

/**
 * Mounts an API whose every route states its scope in `config.scope`. The guard runs before the body is
 * read and before anything is looked up, so that nothing shows to a caller who may not see it.
 */
export async function mountGuardedApi(
  server: HttpServer,
  api: ApiDefinition,
  routes: (server: HttpServer) => void,
  options: GuardedRoutesOptions,
): Promise<void> {
  const scopes = new Set(api.scopes.map((scope) => scope.name))
  const checkToken = createTokenCheck(options)
  await server.register(
    async (guarded) => {
      recordCalls(guarded, {
        callerOf: (request) => callers.get(request),
        requiredScopeOf: ({ scope }) => scope ?? null,
        record: options.recordCall,
      })
      guarded.addHook('onRoute', (route) => {
        const scope = route.config?.scope
        if (scope === undefined || !scopes.has(scope))
          throw new Error(`${route.method} ${route.url} must state one of the scopes of ${api.id}.`)
        route.schema = describe(route.schema ?? {}, api, scope)
      })
      guarded.addHook('onRequest', async (request, reply) => {
        const token = await checkToken(request, reply, request.routeOptions.config.scope ?? '')
        const caller = await options.findCaller(token, request.ip).catch((error: unknown) => {
          noteRefusedToken(request, token)
          throw error
        })
        if (!caller) throw options.guard.refusals.invalidToken(deadTokenDetail, token)
        callers.set(request, caller)
      })
      refuseTokenInBody(guarded, options.guard)
      routes(guarded)
    },
    { prefix: `/${api.id}` },
  )
}

/** The caller of a guarded request. @throws {Error} on a route that is not guarded. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request)
  if (!caller) throw new Error('This route is not guarded.')
  return caller
}

function refuseTokenInBody(server: HttpServer, guard: Guard): void {
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: FastifyRequest, body: string) => {
      // RFC 6750 §2: not more than one way of sending the token in a request.
      if (new URLSearchParams(body).has('access_token')) {
        throw guard.refusals.invalidRequest(
          'The token is in the header and in the body. Send it in the Authorization header only.',
        )
      }
      throw new Problem(
        'unsupported_media_type',
        'The body is form-encoded. Send application/json, or multipart/form-data for an upload.',
      )
    },
  )
}

function describe(schema: object, api: ApiDefinition, scope: string): object {
  const responses = 'response' in schema && typeof schema.response === 'object' ? schema.response : {}
  return {
    tags: [api.name],
    security: [{ accessToken: [scope] }],
    ...schema,
    response: {
      ...responses,
      400: problemSchema('The request is not valid'),
      401: problemSchema('No valid access token'),
      403: problemSchema(`The token lacks the scope ${scope}`),
      503: problemSchema('Temporarily unavailable: retry after the time in Retry-After'),
    },
  }
}
