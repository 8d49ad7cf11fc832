// What people read: the front page, the documentation, and where refusals lead. Plain HTML, no script.
import helmet from '@fastify/helmet'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { HttpServer } from '../http/server.ts'
import { mark, readPageStyle } from './assets.ts'
import { mountDashboard } from './dashboard.ts'
import type { FindReader } from './docs/reader.ts'
import { mountDocs } from './docs/routes.ts'
import { mountTry } from './docs/try/routes.ts'
import { frontPage } from './front.ts'

export interface PagesOptions {
  publicUrl: string
  catalogue: Catalogue
  /** The OpenAPI document, for the reference. */
  openapi: () => object
  /** Which member looks, for what is his in the documentation. */
  findReader: FindReader
}

export async function mountPages(server: HttpServer, options: PagesOptions): Promise<void> {
  const { catalogue, publicUrl } = options
  await server.register(async (pages: HttpServer) => {
    await pages.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
      // Over plain http on loopback there is nothing to be strict about.
      strictTransportSecurity: publicUrl.startsWith('https:'),
      referrerPolicy: { policy: 'no-referrer' },
    })
    const schema = { hide: true }
    pages.get('/', { schema }, async (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(frontPage(publicUrl)),
    )
    mountTry(pages)
    mountDocs(pages, { ...options, scopes: () => catalogue.offered() })
    const asset = (url: string, type: string, text: string) =>
      pages.get(url, { schema }, async (_request, reply) =>
        reply.type(type).header('cache-control', 'public, max-age=3600').send(text),
      )
    asset('/assets/page.css', 'text/css; charset=utf-8', readPageStyle())
    asset('/assets/mark.svg', 'image/svg+xml', mark)
    await mountDashboard(pages)
  })
}
