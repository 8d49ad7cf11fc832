import type { IncomingMessage, ServerResponse } from 'node:http'
import type { NextFunction } from 'express'
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

/** What the guard reads of a request: less than Express's own type, so that those of path and query stay what they are. */
type Request = IncomingMessage & { originalUrl: string }

const tokens = new WeakMap<IncomingMessage, AccessToken>()

/** What the guard needs to know of an API to take bound tokens. */
export type CallOptions = CommonCallOptions<IncomingMessage>

/**
 * A handler that lets a call pass only with a token that has the scope. Put it before what parses the body.
 * @param guard made by `createGuard`.
 * @param scope the scope that the route needs.
 * @param options needed to take tokens that are bound to a DPoP key or a certificate. `trust proxy` plays no part in it.
 *
 * @example
 * app.get('/orders', requires(guard, 'orders_read'), (request, response) => response.json(ordersOf(accessToken(request).clientId)))
 */
export function requires(guard: Guard, scope: string, options?: CallOptions) {
  return (request: Request, response: ServerResponse, next: NextFunction): void => {
    const call = options && callOf(request, options)
    guard.check(authorizationIn(request.rawHeaders), scope, call).then(
      (token) => {
        tokens.set(request, token)
        next()
      },
      (error: unknown) => {
        if (!(error instanceof GuardError)) return next(error)
        // Not by send: it would add a charset, which JSON types do not have (RFC 8259 §11), and an ETag.
        response.writeHead(error.status, error.headers).end(JSON.stringify(error.problem))
      },
    )
  }
}

/**
 * The accepted token of a guarded request.
 * @throws {Error} on a route that is not guarded.
 */
export function accessToken(request: IncomingMessage): AccessToken {
  const token = tokens.get(request)
  if (!token) throw new Error('This route is not guarded: add requires(guard, scope).')
  return token
}

function callOf(request: Request, { origin, certificateThumbprint }: CallOptions): Call {
  return {
    method: request.method ?? '',
    get url() {
      // As it was sent: `url` lacks the path that a router is mounted on.
      return addressesOf(origin, request.originalUrl)
    },
    get dpopProofs() {
      return rawValues(request.rawHeaders, 'dpop')
    },
    get certificateThumbprint() {
      return certificateThumbprint?.(request)
    },
  }
}
