// RFC 8414: what a client can find out about this issuer; RFC 7517: its keys.
import { createHash } from 'node:crypto'
import fresh from 'fresh'
import { Type } from 'typebox'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { HttpServer } from '../http/server.ts'
import type { ClientAuthenticationMethod } from './client-authentication/method.ts'
import { proofAlgorithms } from './dpop.ts'
import type { Grant } from './grants/grant.ts'
import { describeAuthentication, describeMutualTls } from './metadata-authentication.ts'
import type { SigningKeys } from './signing-keys.ts'

export interface MetadataOptions {
  publicUrl: string
  grants: readonly Grant[]
  methods: readonly ClientAuthenticationMethod[]
  catalogue: Catalogue
  keys: SigningKeys
  /** The origin that asks for certificates; undefined where none does. */
  mtlsUrl: string | undefined
}

/** The issuer of every token (RFC 8414 §2): from the settings, never from a Host header. */
export function issuerOf(publicUrl: string): string {
  return `${publicUrl}/oauth`
}

export function mountMetadata(server: HttpServer, options: MetadataOptions): void {
  const metadata = Type.Object({}, { additionalProperties: true })
  const schema = (operationId: string) => ({
    operationId,
    summary: 'Metadata of the authorization server (RFC 8414)',
    tags: ['Tokens'],
    response: { 200: metadata },
  })
  // RFC 8414 §3.1 puts the well-known part before the issuer's path; older clients append theirs.
  for (const [operationId, path] of [
    ['getServerMetadata', '/.well-known/oauth-authorization-server/oauth'],
    ['getServerMetadataAppended', '/oauth/.well-known/openid-configuration'],
  ] as const) {
    server.get(path, { schema: schema(operationId) }, async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300')
      return describeServer(options)
    })
  }
  server.get(
    '/oauth/jwks',
    {
      schema: {
        operationId: 'getPublishedKeys',
        summary: 'The published signing keys (RFC 7517)',
        tags: ['Tokens'],
        response: { 200: Type.Object({ keys: Type.Array(metadata) }), 304: Type.Null() },
      },
    },
    async (request, reply) => {
      const jwks = options.keys.jwks()
      const etag = `"${createHash('sha256').update(JSON.stringify(jwks)).digest('base64url').slice(0, 22)}"`
      reply.headers({ 'cache-control': 'public, max-age=300', etag })
      // Its own Cache-Control is for caches on the way; here it is asked, and may say that nothing changed.
      if (fresh({ 'if-none-match': request.headers['if-none-match'] }, { etag }))
        return reply.code(304).send(null)
      return jwks
    },
  )
}

function describeServer(options: MetadataOptions): Record<string, unknown> {
  const { publicUrl, grants, methods, catalogue } = options
  const metadata = {
    issuer: issuerOf(publicUrl),
    token_endpoint: `${publicUrl}/oauth/connect/token`,
    introspection_endpoint: `${publicUrl}/oauth/connect/introspect`,
    revocation_endpoint: `${publicUrl}/oauth/connect/revocation`,
    jwks_uri: `${publicUrl}/oauth/jwks`,
    scopes_supported: catalogue.offered().map((scope) => scope.name),
    // Required by RFC 8414 §2; no grant of ours has an authorization endpoint, so there is none.
    response_types_supported: [],
    grant_types_supported: grants.map((grant) => grant.name),
    ...describeAuthentication('token', methods),
    ...describeAuthentication('introspection', methods),
    ...describeAuthentication('revocation', methods),
    // RFC 9449 §5.1.
    dpop_signing_alg_values_supported: proofAlgorithms,
    service_documentation: `${publicUrl}/docs`,
  }
  return { ...metadata, ...describeMutualTls(metadata, publicUrl, options.mtlsUrl) }
}
