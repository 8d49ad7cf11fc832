import { authorizationOf } from '@latchkey/guard/fastify'
import type { FastifyRequest } from 'fastify'
import { OAuthError } from '../vocabulary/oauth-error.ts'

/** The only `Authorization` header of a request at our own endpoints. @throws {OAuthError} when there are two. */
export function onlyAuthorization(request: FastifyRequest): string | undefined {
  const header = authorizationOf(request)
  if (typeof header !== 'object') return header
  throw new OAuthError(
    'invalid_request',
    'The request has more than one Authorization header. Send exactly one.',
  )
}
