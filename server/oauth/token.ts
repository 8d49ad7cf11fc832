// POST /oauth/connect/token, the token endpoint (RFC 6749 §3.2): body, client, grant, scopes, token.
import { type Static, Type } from 'typebox'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Client } from '../clients/client.ts'
import type { ReadClientCertificate } from '../http/client-certificate.ts'
import type { DpopNonces } from '../http/dpop-nonce.ts'
import type { HttpServer } from '../http/server.ts'
import type { Happening } from '../vocabulary/activity-entry.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import type { MintAccessToken } from './access-token.ts'
import { recogniseBrokenBody } from './broken-body.ts'
import type { Claim } from './client-authentication/claim.ts'
import type { AuthenticateClient, AuthenticatedClient } from './client-authentication/index.ts'
import type { ClientAuthenticationMethod } from './client-authentication/method.ts'
import { type DecideConfirmation, tokenTypeOf } from './confirmation.ts'
import { oauthErrorSchema } from './error-schema.ts'
import { gatherTurn } from './gather.ts'
import type { Grant } from './grants/grant.ts'
import { readTokenRequest } from './read-request.ts'
import { resolveTarget } from './resource.ts'
import { beginTokenRequest, noteRefusal, type RecordTokenRequest } from './token-happening.ts'
import type { TokenRequest } from './token-request.ts'

export interface TokenEndpointOptions {
  authenticate: AuthenticateClient
  grants: readonly Grant[]
  catalogue: Catalogue
  mint: MintAccessToken
  confirm: DecideConfirmation
  nonces: DpopNonces
  readCertificate: ReadClientCertificate
  /** Counts the request against the quota of the client. @throws {OAuthError} when it is refused. */
  countTokenRequest: (client: Client) => { headers: Record<string, string>; note: string | undefined }
  /** Every method, to tell whose a request is that was refused before one of them was used. */
  methods: readonly ClientAuthenticationMethod[]
  /** Takes what happened; the answer never waits for it. */
  recordTokenRequest: RecordTokenRequest
}

/** The body of a token request; the same limit whether it is announced or not. */
const bodyLimitBytes = 16 * 1024

/** What the pipeline reads by itself (RFC 6749 §4.4.2, RFC 8707 §2): told here for the API reference. */
const tokenForm = Type.Object({
  grant_type: Type.Literal('client_credentials'),
  scope: Type.Optional(
    Type.String({
      description: 'The scopes wanted, separated by single spaces. Left out: all that the client has.',
      examples: ['document_read'],
    }),
  ),
  resource: Type.Optional(
    Type.String({
      format: 'uri',
      description: 'The audience of one API (RFC 8707). Left out: those of the scopes.',
    }),
  ),
})

const tokenAnswer = Type.Object({
  access_token: Type.String({
    description: 'A JWT (RFC 9068). Send it as Authorization: Bearer TOKEN.',
    examples: ['eyJhbGciOiJFUzI1NiIs…'],
  }),
  token_type: Type.Union([Type.Literal('Bearer'), Type.Literal('DPoP')], {
    description:
      'DPoP for a request with a DPoP proof (RFC 9449): send the token as Authorization: DPoP TOKEN, with a proof.',
  }),
  expires_in: Type.Integer({
    description: 'Seconds until it expires. Reuse the token until shortly before.',
    examples: [3600],
  }),
  scope: Type.String({ description: 'The scopes of the token, sorted.', examples: ['document_read'] }),
})

export type TokenAnswer = Static<typeof tokenAnswer>

export function mountTokenEndpoint(server: HttpServer, options: TokenEndpointOptions): void {
  const together = gatherTurn()
  server.post(
    '/oauth/connect/token',
    {
      bodyLimit: bodyLimitBytes,
      config: { describedBody: tokenForm },
      schema: {
        operationId: 'requestToken',
        summary: 'Request an access token',
        description:
          'OAuth 2.0 client credentials (RFC 6749 §4.4). One endpoint for test and production: the client decides.',
        tags: ['Tokens'],
        security: [{ clientSecretBasic: [] }],
        consumes: ['application/x-www-form-urlencoded'],
        response: {
          200: tokenAnswer,
          400: oauthErrorSchema,
          401: oauthErrorSchema,
          413: oauthErrorSchema,
          429: oauthErrorSchema,
          503: oauthErrorSchema,
        },
      },
    },
    async (request, reply) => {
      await together()
      const entry = beginTokenRequest(request)
      let tokenRequest: TokenRequest | undefined
      let claim: Claim | undefined
      try {
        tokenRequest = readTokenRequest(request, options.readCertificate)
        const { answer, headers } = await issue(tokenRequest, options, entry)
        if (/^ | $| {2}/.test(tokenRequest.parameters.get('scope') ?? '')) {
          request.log.info({ requestId: request.id }, 'the scope had spaces too many; they were forgiven')
        }
        // RFC 9449 §8.2: the next proof is right at once.
        if (answer.token_type === 'DPoP') reply.header('dpop-nonce', options.nonces.current())
        // RFC 6749 §5.1.
        return reply.headers({ ...headers, 'cache-control': 'no-store', pragma: 'no-cache' }).send(answer)
      } catch (error) {
        claim = noteRefusal(entry, error, { request, tokenRequest, methods: options.methods })
        throw error
      } finally {
        entry.durationMs = Math.round(reply.elapsedTime * 10) / 10
        options.recordTokenRequest(entry, claim)
      }
    },
  )
}

async function issue(
  request: TokenRequest,
  options: TokenEndpointOptions,
  entry: Happening,
): Promise<{ answer: TokenAnswer; headers: Record<string, string> }> {
  recogniseBrokenBody(request.parameters)
  const { client, proof }: AuthenticatedClient = await options.authenticate(request)
  entry.accountId = client.accountId
  entry.environment = client.environment
  entry.clientId = client.id
  entry.secretId = proof.secretId ?? null
  const { headers, note } = options.countTokenRequest(client)
  entry.reason = note ?? null
  const granted = pickGrant(request, options.grants).grant(request, client)
  const { audiences, scopes } = resolveTarget(
    request.resources,
    granted.scopes,
    client.environment,
    options.catalogue,
  )
  const scope = scopes.join(' ')
  entry.scopes = scope
  // Last before minting: a proof is used up only by a request that is right in everything else.
  const confirmation = await options.confirm(request, client, proof)
  const answer: TokenAnswer = {
    access_token: await options.mint({ client, scopes, audiences, confirmation }),
    token_type: tokenTypeOf(confirmation),
    expires_in: client.tokenLifetimeSeconds,
    scope,
  }
  return { answer, headers }
}

function pickGrant({ parameters }: TokenRequest, grants: readonly Grant[]): Grant {
  const name = parameters.get('grant_type')
  if (name === undefined) {
    throw new OAuthError(
      'invalid_request',
      'The grant_type is missing. Send grant_type=client_credentials in the body.',
    )
  }
  const grant = grants.find((candidate) => candidate.name === name)
  if (!grant) throw new OAuthError('unsupported_grant_type', 'Only client_credentials is offered here.')
  return grant
}
