// POST /oauth/connect/introspect (RFC 7662): what a token is worth now, for those whom it concerns.
import { Type } from 'typebox'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Client } from '../clients/client.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import type { Revocations } from '../clients/revocations.ts'
import type { ReadClientCertificate } from '../http/client-certificate.ts'
import type { HttpServer } from '../http/server.ts'
import type { Now } from '../vocabulary/clock.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import type { AuthenticateClient } from './client-authentication/index.ts'
import { oauthErrorSchema } from './error-schema.ts'
import { signIntrospection } from './introspection-jwt.ts'
import type { OwnToken, ReadOwnToken } from './own-token.ts'
import { readTokenRequest } from './read-request.ts'
import type { SigningKeys } from './signing-keys.ts'

export interface IntrospectionOptions {
  issuer: string
  now: Now
  keys: SigningKeys
  authenticate: AuthenticateClient
  readCertificate: ReadClientCertificate
  readOwnToken: ReadOwnToken
  revocations: Revocations
  clients: ClientDirectory
  catalogue: Catalogue
  /** Counts an answer that found nothing, against scanning (RFC 7662 §4). @throws {OAuthError} when there were too many. */
  countEmptyIntrospection: (clientId: string) => Promise<void>
}

/** RFC 9701 §5. */
const jwtType = 'application/token-introspection+jwt'

export type IntrospectionAnswer = { active: false } | ({ active: true } & Record<string, unknown>)

export function mountIntrospection(server: HttpServer, options: IntrospectionOptions): void {
  server.post(
    '/oauth/connect/introspect',
    {
      bodyLimit: 16 * 1024,
      config: {
        describedBody: Type.Object({ token: Type.String({ description: 'The access token to look at.' }) }),
      },
      schema: {
        operationId: 'introspectToken',
        summary: 'Ask what a token is worth (RFC 7662)',
        description: `For the client of the token, and for the resource servers of its audience. With Accept: ${jwtType} the answer is signed (RFC 9701).`,
        tags: ['Tokens'],
        security: [{ clientSecretBasic: [] }],
        consumes: ['application/x-www-form-urlencoded'],
        response: {
          200: {
            description: 'What the token is worth; active false says nothing more.',
            content: {
              'application/json': {
                schema: Type.Object({ active: Type.Boolean() }, { additionalProperties: true }),
              },
              [jwtType]: { schema: Type.String() },
            },
          },
          400: oauthErrorSchema,
          401: oauthErrorSchema,
          429: oauthErrorSchema,
          503: oauthErrorSchema,
        },
      },
    },
    async (request, reply) => {
      const form = readTokenRequest(request, options.readCertificate)
      const { client } = await options.authenticate(form)
      const text = form.parameters.get('token')
      if (text === undefined)
        throw new OAuthError('invalid_request', 'The token is missing. Send token=TOKEN.')
      const answer = await introspect(text, client, options)
      if (!answer.active) await options.countEmptyIntrospection(client.id)
      reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
      if (!(request.headers.accept ?? '').includes(jwtType))
        return reply.type('application/json').send(answer)
      const jwt = await signIntrospection(answer, client.id, options)
      return reply.type(jwtType).send(jwt)
    },
  )
}

async function introspect(
  text: string,
  caller: Client,
  options: IntrospectionOptions,
): Promise<IntrospectionAnswer> {
  const token = await options.readOwnToken(text)
  // RFC 7662 §2.2: whatever the reason, nothing more is said.
  if (!token || token.expired || !concerns(token, caller, options.catalogue)) return { active: false }
  const owner = await options.clients.find(token.clientId)
  if (
    !owner ||
    owner.disabledAt !== null ||
    options.revocations.isRevoked({ id: token.id, notBefore: owner.notBefore })
  )
    return { active: false }
  return {
    active: true,
    iss: options.issuer,
    sub: token.clientId,
    client_id: token.clientId,
    aud: token.audiences.length === 1 ? token.audiences[0] : token.audiences,
    scope: token.scope,
    environment: token.environment,
    token_type: token.confirmation?.jkt === undefined ? 'Bearer' : 'DPoP',
    iat: token.issuedAt,
    exp: token.expiresAt,
    jti: token.id,
    ...(token.confirmation && { cnf: token.confirmation }),
  }
}

/** A client sees its own tokens, and those for APIs whose resource server it is; never another environment's. */
function concerns(token: OwnToken, caller: Client, catalogue: Catalogue): boolean {
  if (token.environment !== caller.environment) return false
  return (
    token.clientId === caller.id ||
    token.audiences.some((audience) => catalogue.resourceServers(audience).includes(caller.id))
  )
}
