import type { Context, MiddlewareHandler } from 'hono'
import type { AccessToken } from '../access-token.ts'
import type { Call } from '../confirmation.ts'
import { GuardError } from '../errors.ts'
import type { Guard } from '../guard.ts'
import { addressesOf, type CallOptions as CommonCallOptions } from './call-options.ts'

const tokens = new WeakMap<Context, AccessToken>()

/** What the guard needs to know of an API to take bound tokens. */
export type CallOptions = CommonCallOptions<Context>

/**
 * A middleware that lets a call pass only with a token that has the scope.
 * @param guard made by `createGuard`.
 * @param scope the scope that the route needs.
 * @param options needed to take tokens that are bound to a DPoP key or a certificate.
 *
 * @example
 * app.get('/orders', requires(guard, 'orders_read'), (context) => context.json(ordersOf(accessToken(context).clientId)))
 */
export function requires(guard: Guard, scope: string, options?: CallOptions): MiddlewareHandler {
  return async (context, next) => {
    try {
      const call = options && callOf(context, options)
      tokens.set(context, await guard.check(authorizationOf(context.req.raw.headers), scope, call))
    } catch (error) {
      if (!(error instanceof GuardError)) throw error
      // With what other middleware set before it: CORS headers above all.
      const answer = new Response(null, { status: error.status, headers: error.headers })
      return context.newResponse(JSON.stringify(error.problem), answer)
    }
    await next()
  }
}

/**
 * The accepted token of a guarded request.
 * @throws {Error} on a route that is not guarded.
 */
export function accessToken(context: Context): AccessToken {
  const token = tokens.get(context)
  if (!token) throw new Error('This route is not guarded: add requires(guard, scope).')
  return token
}

function callOf(context: Context, { origin, certificateThumbprint }: CallOptions): Call {
  const { method, url, headers } = context.req.raw
  return {
    method,
    get url() {
      // A Request holds the Host header in its address: what follows it is the target.
      const { pathname, search } = new URL(url)
      return addressesOf(origin, pathname + search)
    },
    get dpopProofs() {
      // A JWT has no comma: one is where Headers joined two values.
      return headers.get('dpop')?.split(/, ?/) ?? []
    },
    get certificateThumbprint() {
      return certificateThumbprint?.(context)
    },
  }
}

/** All values of the header (RFC 6750 §2 allows one): Headers joins them by a comma, which no token holds. */
function authorizationOf(headers: Headers): string | string[] | undefined {
  const joined = headers.get('authorization') ?? undefined
  // Parameters of other schemes stand between commas too; where a value begins, a scheme stands alone.
  const values = joined?.split(/, ?(?=[\w-]+(?: |$)|$)/) ?? []
  return values.length < 2 ? joined : values
}
