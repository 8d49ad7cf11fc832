import swagger from '@fastify/swagger'
import { Type } from 'typebox'
import type { HttpServer } from './server.ts'

/** Collects the routes into one OpenAPI 3.1 document; called before any route is added. */
export async function describeRoutes(server: HttpServer, publicUrl: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Latchkey',
        version: '0.1.0',
        description: 'Access tokens, and the APIs that take them.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          clientSecretBasic: { type: 'http', scheme: 'basic', description: 'Client id and secret.' },
          accessToken: {
            type: 'oauth2',
            description: 'An access token: Authorization: Bearer TOKEN.',
            flows: { clientCredentials: { tokenUrl: '/oauth/connect/token', scopes: {} } },
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'latchkey.session_token',
            description:
              'A member who is signed in at the dashboard. Over https the name begins with __Secure-.',
          },
        },
      },
    },
  })
}

/** Serves the document, and says which scopes there are. */
export function serveOpenApi(server: HttpServer, scopes: () => Record<string, string>): void {
  server.get(
    '/openapi.json',
    {
      schema: {
        summary: 'This document',
        tags: ['Service'],
        response: { 200: Type.Object({}, { additionalProperties: true }) },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300')
      return openApiDocument(server, scopes())
    },
  )
}

/** The document of a server that is ready. */
export function openApiDocument(server: HttpServer, scopes: Record<string, string>): object {
  const document = structuredClone(server.swagger())
  letDefaultsBeLeftOut(document.paths)
  const scheme = 'components' in document ? document.components?.securitySchemes?.accessToken : undefined
  if (scheme && 'flows' in scheme && scheme.flows.clientCredentials)
    scheme.flows.clientCredentials.scopes = scopes
  return document
}

/** What has a default need not be sent: the schema of a route says the type that its handler gets. */
function letDefaultsBeLeftOut(paths: object | undefined): void {
  for (const operation of Object.values(paths ?? {}).flatMap((methods) => Object.values(methods ?? {}))) {
    if (typeof operation !== 'object' || operation === null || !('parameters' in operation)) continue
    for (const parameter of Array.isArray(operation.parameters) ? operation.parameters : [])
      if (parameter.schema?.default !== undefined) parameter.required = false
  }
}
