import { type AccessToken, type Guard, GuardError, revokedTokenDetail } from '@latchkey/guard'
import { authorizationOf, callOf } from '@latchkey/guard/fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ReadClientCertificate } from './client-certificate.ts'
import type { DpopNonces } from './dpop-nonce.ts'

/** What checking the token of a request needs; `app.ts` hands it in. */
export interface TokenCheckOptions {
  guard: Guard
  /** Where callers reach us: what a DPoP proof may name. */
  origins: readonly string[]
  nonces: DpopNonces
  readCertificate: ReadClientCertificate
  /** Told of each token that does not verify. */
  noteBadToken: (address: string) => void
}

/**
 * The token of a request that has this scope.
 * @throws {GuardError} of the guard.
 */
export type CheckToken = (request: FastifyRequest, reply: FastifyReply, scope: string) => Promise<AccessToken>

export function createTokenCheck(options: TokenCheckOptions): CheckToken {
  const callOptions = {
    origin: options.origins,
    certificateThumbprint: (request: FastifyRequest) => options.readCertificate(request)?.thumbprint,
  }
  return async (request, reply, scope) => {
    reply.header('cache-control', 'no-store')
    const check = options.guard.check(authorizationOf(request), scope, callOf(request, callOptions))
    const token = await check.catch((error: unknown) => {
      if (error instanceof GuardError && error.code === 'invalid_token') options.noteBadToken(request.ip)
      throw error
    })
    // RFC 9449 §8.2, §9: the next proof is right at once.
    if (token.confirmation?.dpopKey !== undefined) reply.header('dpop-nonce', options.nonces.current())
    return token
  }
}

/** What a token is told whose client is gone, disabled, or whose tokens were revoked. */
export const deadTokenDetail = revokedTokenDetail
