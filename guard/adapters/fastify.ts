import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { AccessToken } from '../access-token.ts'
import type { Call } from '../confirmation.ts'
import { GuardError } from '../errors.ts'
import type { Guard } from '../guard.ts'
import {
  addressesOf,
  authorizationIn,
  type CallOptions as CommonCallOptions,
  rawValues,
} from './call-options.ts'

const tokens = new WeakMap<FastifyRequest, AccessToken>()

/** What the guard needs to know of an API to take bound tokens. */
export type CallOptions = CommonCallOptions<FastifyRequest>

/**
 * A hook that lets a call pass only with a token that has the scope.
 * @param guard made by `createGuard`.
 * @param scope the scope that the route needs.
 * @param options needed to take tokens that are bound to a DPoP key or a certificate.
 *
 * @example
 * app.get('/orders', { onRequest: requires(guard, 'orders_read') }, async (request) => ordersOf(accessToken(request).clientId))
 */
export function requires(guard: Guard, scope: string, options?: CallOptions): onRequestAsyncHookHandler {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      const call = options && callOf(request, options)
      tokens.set(request, await guard.check(authorizationOf(request), scope, call))
    } catch (error) {
      if (!(error instanceof GuardError)) throw error
      // As bytes: to a text Fastify adds a charset, which JSON types do not have (RFC 8259 §11).
      const body = Buffer.from(JSON.stringify(error.problem))
      return reply.code(error.status).headers(error.headers).send(body)
    }
  }
}

/**
 * The accepted token of a guarded request.
 * @throws {Error} on a route that is not guarded.
 */
export function accessToken(request: FastifyRequest): AccessToken {
  const token = tokens.get(request)
  if (!token) throw new Error('This route is not guarded: add requires(guard, scope).')
  return token
}

/** The call as the guard takes it. What only bound tokens need is worked out when it is asked for. */
export function callOf(request: FastifyRequest, { origin, certificateThumbprint }: CallOptions): Call {
  return {
    method: request.method,
    get url() {
      return addressesOf(origin, request.raw.url ?? '')
    },
    get dpopProofs() {
      return rawValues(request.raw.rawHeaders, 'dpop')
    },
    get certificateThumbprint() {
      return certificateThumbprint?.(request)
    },
  }
}

/** All values of the header: Node itself keeps only the first of two (RFC 6750 §2 allows one). */
export function authorizationOf(request: FastifyRequest): string | string[] | undefined {
  return authorizationIn(request.raw.rawHeaders)
}
