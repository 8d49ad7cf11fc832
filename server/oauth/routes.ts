import type { HttpServer } from '../http/server.ts'
import { type IntrospectionOptions, mountIntrospection } from './introspection.ts'
import { type MetadataOptions, mountMetadata } from './metadata.ts'
import { mountResourceMetadata } from './resource-metadata.ts'
import { mountRevocation, type RevocationOptions } from './revocation.ts'
import { mountTokenEndpoint, type TokenEndpointOptions } from './token.ts'

/** Every endpoint of the authorization server. Its bodies are read raw: each endpoint says itself what it takes. */
export async function mountAuthorizationServer(
  server: HttpServer,
  options: TokenEndpointOptions & MetadataOptions & IntrospectionOptions & RevocationOptions,
): Promise<void> {
  await server.register(async (oauth) => {
    oauth.removeAllContentTypeParsers()
    // Fastify remembers the parser of a named type; for `*` it reads the header's value anew each time.
    for (const type of ['application/x-www-form-urlencoded', '*']) {
      oauth.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    }
    mountTokenEndpoint(oauth, options)
    mountMetadata(oauth, options)
    mountResourceMetadata(oauth, options)
    mountIntrospection(oauth, options)
    mountRevocation(oauth, options)
  })
}
