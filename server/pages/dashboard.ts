// Serves the built dashboard: one page for all of its addresses, whatever they name and whoever asks.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import files from '@fastify/static'
import type { HttpServer } from '../http/server.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'

/** Where `npm start` builds it. */
const dist = join(import.meta.dirname, '../../dashboard/dist')

/** What the build wrote where a nonce has to be: dashboard/vite.config.ts. */
const noncePlace = /LATCHKEY_NONCE/g

/** Its addresses: dashboard/paths.ts. The account API lies under /account, the guarded APIs under their own names. */
export const dashboardAddresses = [
  ...['/sign-in', '/sign-up', '/reset-password', '/confirm', '/invitation', '/set-up', '/device'],
  ...['/test', '/test/*', '/production', '/production/*', '/operator', '/operator/*'],
]

export async function mountDashboard(server: HttpServer): Promise<void> {
  const built = existsSync(join(dist, 'index.html'))
  const page = built ? readFileSync(join(dist, 'index.html'), 'utf8') : undefined
  for (const url of dashboardAddresses)
    server.get(url, { schema: { hide: true } }, async (_request, reply) => {
      reply.type('text/html; charset=utf-8').header('cache-control', 'no-store')
      if (page === undefined) return reply.code(503).send(notBuilt())
      const nonce = randomBytes(16).toString('base64url')
      reply.header('content-security-policy', policyFor(nonce))
      return reply.send(page.replaceAll(noncePlace, nonce))
    })
  if (!built) return
  // Their names change with what they hold.
  await server.register(files, {
    root: join(dist, 'assets'),
    prefix: '/dashboard/assets/',
    decorateReply: false,
    index: false,
    // Made with the build: tools/build-dashboard.ts.
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    schemaHide: true,
  })
}

/** Scripts of ours alone, style sheets of ours or with the nonce of this answer, nothing from elsewhere. */
function policyFor(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function notBuilt(): string {
  return layout(
    'The dashboard is not built',
    html`<p>The server runs, but <code>dashboard/dist</code> is missing. Start it by <code>npm start</code>, which builds the dashboard, or run <code>npm run build</code> once.</p>`,
  )
}
