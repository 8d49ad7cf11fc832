// Tells of every guarded call, once it is answered, to whoever records it.
import { type AccessToken, GuardError } from '@latchkey/guard'
import type { FastifyRequest } from 'fastify'
import type { Happening } from '../vocabulary/activity-entry.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import { refusalOf } from './errors.ts'
import { hostOf, userAgentOf } from './request-facts.ts'
import type { HttpServer } from './server.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Method and pattern of the route: what the activity calls it by. */
    operation?: string
  }
}

/** Whose call it was. */
export interface KnownCaller {
  accountId: string
  environment: Environment | null
  clientId: string | null
  /** Of the token. */
  scopes: readonly string[]
}

/**
 * Takes what happened; it must not wait for anything.
 * @param refusedToken of a refused call whose account is not known, but whose token is one of ours.
 */
export type RecordCall = (call: Happening, refusedToken: AccessToken | undefined) => void

/** Tokens of ours with which a call was refused by something that does not know of tokens. */
const refusedTokens = new WeakMap<FastifyRequest, AccessToken>()

/** Notes whose a call is that is about to be refused. */
export function noteRefusedToken(request: FastifyRequest, token: AccessToken): void {
  refusedTokens.set(request, token)
}

/** Records the calls of all routes that are mounted on this server from now on. */
export function recordCalls(
  server: HttpServer,
  facts: {
    callerOf: (request: FastifyRequest) => KnownCaller | undefined
    requiredScopeOf: (
      config: FastifyRequest['routeOptions']['config'],
      request: FastifyRequest,
    ) => string | null
    /** What was called; left out: method and pattern of the route. */
    operationOf?: (request: FastifyRequest) => string
    /** Which calls are none of the activity's; left out: all are recorded. */
    isRecorded?: (request: FastifyRequest) => boolean
    record: RecordCall
  },
): void {
  server.addHook('onRoute', (route) => {
    route.config = { ...route.config, operation: `${[route.method].flat().join(',')} ${route.url}` }
  })
  server.addHook('onResponse', (request, reply, done) => {
    if (facts.isRecorded?.(request) === false) return done()
    const { config } = request.routeOptions
    const refusal = reply.statusCode < 400 ? undefined : refusalOf(request)
    const caller = facts.callerOf(request)
    const token = caller === undefined && refusal ? refusedTokenOf(request, refusal) : undefined
    const happening: Happening = {
      id: request.id,
      kind: 'api_call',
      accountId: caller?.accountId ?? null,
      environment: caller?.environment ?? null,
      clientId: caller?.clientId ?? null,
      secretId: null,
      scopes: (caller ?? token)?.scopes.join(' ') ?? '',
      requiredScope: facts.requiredScopeOf(config, request),
      operation: facts.operationOf?.(request) ?? config.operation ?? '',
      status: reply.statusCode,
      error: refusal ? codeOf(refusal) : null,
      reason: refusal ? reasonOf(refusal) : null,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      address: request.ip,
      userAgent: userAgentOf(request),
      host: hostOf(request),
    }
    facts.record(happening, token)
    done()
  })
}

type Refusal = NonNullable<ReturnType<typeof refusalOf>>

function refusedTokenOf(request: FastifyRequest, refusal: Refusal): AccessToken | undefined {
  return refusal instanceof GuardError && refusal.token ? refusal.token : refusedTokens.get(request)
}

function codeOf(refusal: Refusal): string {
  if (refusal instanceof OAuthError) return refusal.code
  if (!(refusal instanceof GuardError)) return refusal.type
  // RFC 6750 §3.1: a call without a token has no code on the wire. Its page has one.
  return refusal.code ?? refusal.problem.type.slice(refusal.problem.type.lastIndexOf('/') + 1)
}

function reasonOf(refusal: Refusal): string {
  return refusal instanceof GuardError ? refusal.message : (refusal.reason ?? refusal.message)
}
