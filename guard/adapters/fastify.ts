import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { AccessToken } from '../access-token.ts'
import { GuardError } from '../errors.ts'
import type { Guard } from '../guard.ts'

const tokens = new WeakMap<FastifyRequest, AccessToken>()

/**
 * A hook that lets a call pass only with a token that has the scope.
 * @param guard made by `createGuard`.
 * @param scope the scope that the route needs.
 *
 * @example
 * app.get('/orders', { onRequest: requires(guard, 'orders_read') }, async (request) => ordersOf(accessToken(request).clientId))
 */
export function requires(guard: Guard, scope: string): onRequestAsyncHookHandler {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      tokens.set(request, await guard.check(authorizationOf(request), scope))
    } catch (error) {
      if (!(error instanceof GuardError)) throw error
      return reply.code(error.status).headers(error.headers).send(JSON.stringify(error.problem))
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

/** All values of the header: Node itself keeps only the first of two (RFC 6750 §2 allows one). */
export function authorizationOf(request: FastifyRequest): string | string[] | undefined {
  const { rawHeaders } = request.raw
  let first: string | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length !== 13 || name.toLowerCase() !== 'authorization') continue
    if (first !== undefined) return [first, rawHeaders[index + 1] ?? '']
    first = rawHeaders[index + 1]
  }
  return first
}
