// Where the documentation is. What answers there is loaded for its first reader: a server that only issues tokens does
// without.
import type { HttpReply, HttpRequest, HttpServer } from '../../http/server.ts'
import type { Docs, DocsOptions } from './show.ts'

export function mountDocs(server: HttpServer, options: DocsOptions): void {
  let opened: Promise<Docs> | undefined
  const docs = () => {
    opened ??= import('./show.ts').then(
      ({ openDocs }) => openDocs(options),
      (error: unknown) => {
        opened = undefined
        throw error
      },
    )
    return opened
  }
  const schema = { hide: true }
  const show = async (request: HttpRequest, reply: HttpReply) => (await docs()).show(request, reply)
  server.get('/docs', { schema }, show)
  server.get('/docs.md', { schema }, show)
  server.get('/docs/*', { schema }, show)
  const text = (url: string, write: (docs: Docs) => string | Promise<string>) =>
    server.get(url, { schema }, async (_request, reply) =>
      reply
        .type('text/plain; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send(await write(await docs())),
    )
  text('/llms.txt', ({ index }) => index())
  text('/llms-full.txt', ({ full }) => full())
}
