// RFC 9728: what a caller of our APIs can find out about them, one document for each environment.
import { Type } from 'typebox'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { HttpServer } from '../http/server.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { proofAlgorithms } from './dpop.ts'
import { issuerOf } from './metadata.ts'

/** Where the metadata of the built-in APIs is (RFC 9728 §3.1: the well-known part before the resource's path). */
export function resourceMetadataUrl(publicUrl: string, environment: Environment): string {
  return `${publicUrl}/.well-known/oauth-protected-resource${environment === 'test' ? '/test' : ''}`
}

export function mountResourceMetadata(
  server: HttpServer,
  options: { publicUrl: string; catalogue: Catalogue },
): void {
  for (const environment of ['production', 'test'] as const) {
    server.get(
      new URL(resourceMetadataUrl(options.publicUrl, environment)).pathname,
      {
        schema: {
          operationId: environment === 'test' ? 'getTestResourceMetadata' : 'getProductionResourceMetadata',
          summary: `Metadata of the built-in APIs for ${environment} tokens (RFC 9728)`,
          tags: ['Tokens'],
          response: { 200: Type.Object({}, { additionalProperties: true }) },
        },
      },
      async (_request, reply) => {
        reply.header('cache-control', 'public, max-age=300')
        return describeResource(environment, options)
      },
    )
  }
}

function describeResource(
  environment: Environment,
  { publicUrl, catalogue }: { publicUrl: string; catalogue: Catalogue },
) {
  const resource = environment === 'test' ? `${publicUrl}/test` : publicUrl
  return {
    resource,
    authorization_servers: [issuerOf(publicUrl)],
    jwks_uri: `${publicUrl}/oauth/jwks`,
    scopes_supported: catalogue
      .offered()
      .filter((scope) => scope.audiences[environment] === resource)
      .map((scope) => scope.name),
    // RFC 6750 §2.1 alone: never in the body, never in the address.
    bearer_methods_supported: ['header'],
    // RFC 9728 §2, RFC 9449 §5.1.
    dpop_signing_alg_values_supported: proofAlgorithms,
    resource_documentation: `${publicUrl}/docs/api`,
  }
}
