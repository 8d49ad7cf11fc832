// What people read: the front page, the documentation for now, and where refusals lead. Plain HTML, no script.
import helmet from '@fastify/helmet'
import { Type } from 'typebox'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { HttpServer } from '../http/server.ts'
import { Problem } from '../vocabulary/problem.ts'
import { apiReference } from './api-reference.ts'
import { mark, pageStyle } from './assets.ts'
import {
  deprecatedHostPage,
  docsPage,
  errorPage,
  errorsPage,
  reportLeakedSecretPage,
  scopesPage,
} from './content.ts'
import { mountDashboard } from './dashboard.ts'
import { frontPage } from './front.ts'
import { reusePage } from './reuse.ts'

export interface PagesOptions {
  publicUrl: string
  catalogue: Catalogue
  /** The OpenAPI document, for the reference. */
  openapi: () => object
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
    const show = (url: string, render: () => string) =>
      pages.get(url, { schema }, async (_request, reply) =>
        reply.type('text/html; charset=utf-8').send(render()),
      )

    show('/', () => frontPage(publicUrl))
    show('/docs', () => docsPage(publicUrl))
    show('/docs/api', () => apiReference(options.openapi()))
    show('/docs/reuse', () => reusePage(publicUrl))
    show('/docs/scopes', () => scopesPage(catalogue.offered()))
    show('/docs/errors', () => errorsPage())
    show('/docs/deprecated-host', () => deprecatedHostPage(publicUrl))
    show('/docs/report-leaked-secret', () => reportLeakedSecretPage(publicUrl))
    pages.get(
      '/docs/errors/:code',
      { schema: { hide: true, params: Type.Object({ code: Type.String() }) } },
      async (request, reply) => {
        const text = errorPage(request.params.code)
        if (text === undefined)
          throw new Problem('not_found', 'There is no such error. All of them: /docs/errors')
        return reply.type('text/html; charset=utf-8').send(text)
      },
    )
    const asset = (url: string, type: string, text: string) =>
      pages.get(url, { schema }, async (_request, reply) =>
        reply.type(type).header('cache-control', 'public, max-age=3600').send(text),
      )
    asset('/assets/page.css', 'text/css; charset=utf-8', pageStyle)
    asset('/assets/mark.svg', 'image/svg+xml', mark)
    await mountDashboard(pages)
  })
}
