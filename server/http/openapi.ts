import { STATUS_CODES } from 'node:http'
import swagger from '@fastify/swagger'
import { type TSchema, Type } from 'typebox'
import { tags } from './openapi-tags.ts'
import type { HttpServer } from './server.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body of a route that reads it by itself: described here, validated by the route. */
    describedBody?: TSchema
  }
}

/** Collects the routes into one OpenAPI 3.1 document; called before any route is added. */
export async function describeRoutes(server: HttpServer, publicUrl: string): Promise<void> {
  await server.register(swagger, {
    transform: ({ schema, url, route }) => {
      const body = route.config?.describedBody
      return { schema: body ? { ...schema, body } : schema, url }
    },
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Latchkey',
        version: '0.1.0',
        description: 'Access tokens, and the APIs that take them.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl }],
      tags: [...tags],
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
        operationId: 'getOpenApiDocument',
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
  for (const operation of operationsOf(document.paths)) {
    letDefaultsBeLeftOut(operation)
    nameAnswers(operation)
  }
  const scheme = 'components' in document ? document.components?.securitySchemes?.accessToken : undefined
  if (scheme && 'flows' in scheme && scheme.flows.clientCredentials)
    scheme.flows.clientCredentials.scopes = scopes
  return document
}

function operationsOf(paths: object | undefined): object[] {
  return Object.values(paths ?? {})
    .flatMap((methods) => Object.values(methods ?? {}))
    .filter((operation) => typeof operation === 'object' && operation !== null)
}

/** What has a default need not be sent: the schema of a route says the type that its handler gets. */
function letDefaultsBeLeftOut(operation: object): void {
  if (!('parameters' in operation)) return
  for (const parameter of Array.isArray(operation.parameters) ? operation.parameters : [])
    if (parameter.schema?.default !== undefined) parameter.required = false
}

/** An answer that nobody described is called by its status. */
function nameAnswers(operation: object): void {
  if (!('responses' in operation)) return
  for (const [status, response] of Object.entries(operation.responses ?? {}))
    if (response?.description === 'Default Response') response.description = STATUS_CODES[status] ?? status
}
