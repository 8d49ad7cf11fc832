// What the documentation answers: pages, their Markdown twins, and the two texts for programs. An address is looked up in
// the list of pages, never in the file system.
import type { HttpReply, HttpRequest } from '../../http/server.ts'
import { hasSession, sessionRequestOf } from '../../http/session-check.ts'
import { Problem } from '../../vocabulary/problem.ts'
import { html } from '../html.ts'
import { layout } from '../layout.ts'
import { wantsHtml, wantsMarkdown } from './accept.ts'
import { fillClient, fillUrl } from './fill.ts'
import { frame } from './frame.ts'
import { llmsFull, llmsIndex } from './llms.ts'
import type { DocPage, Visit } from './page.ts'
import { chosenClient, type FindReader } from './reader.ts'
import { openSite, type SiteOptions } from './site.ts'

export interface DocsOptions extends SiteOptions {
  publicUrl: string
  findReader: FindReader
}

export interface Docs {
  /** Answers with what is at the address of the request. */
  show: (request: HttpRequest, reply: HttpReply) => Promise<HttpReply>
  /** llms.txt: every page, with what it is for. */
  index: () => string | Promise<string>
  /** llms-full.txt: every page whole. */
  full: () => string | Promise<string>
}

export function openDocs(options: DocsOptions): Docs {
  const { publicUrl } = options
  const site = openSite(options)
  async function show(request: HttpRequest, reply: HttpReply): Promise<HttpReply> {
    const [address = ''] = request.url.split('?')
    const attachment = site.attachment(address)
    if (attachment)
      return reply
        .type(attachment.type)
        .header('cache-control', 'public, max-age=300')
        .send(fillUrl(attachment.text, publicUrl))
    const page = site.find(address.replace(/\.md$/, ''))
    reply.header('vary', 'Accept, Cookie')
    if (!page) return missing(request, reply)
    const isTwin = address.endsWith('.md') || wantsMarkdown(request.headers.accept)
    return isTwin ? sendTwin(page, request, reply) : sendPage(page, request, reply)
  }

  async function visitOf(request: HttpRequest): Promise<Visit> {
    // Nobody's session is looked for where no cookie came.
    const reader = hasSession(request) ? await options.findReader(sessionRequestOf(request)) : undefined
    return { publicUrl, query: queryOf(request), reader }
  }

  async function sendPage(page: DocPage, request: HttpRequest, reply: HttpReply) {
    const visit = await visitOf(request)
    const content = await page.render(visit)
    const client = content.html.text.includes('$LATCHKEY_CLIENT_ID')
      ? await chosenClient(visit.reader, visit.query.client)
      : undefined
    const text = frame({ page, content, groups: site.groups, signedIn: visit.reader !== undefined, client })
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', visit.reader ? 'private, no-store' : 'no-cache')
      .send(client ? fillClient(text, client.id) : text)
  }

  async function sendTwin(page: DocPage, request: HttpRequest, reply: HttpReply) {
    // The same for everybody: what a program reads may be kept on the way.
    const text = await page.markdown({ publicUrl, query: queryOf(request), reader: undefined })
    return reply.type('text/markdown; charset=utf-8').header('cache-control', 'no-cache').send(text)
  }

  return {
    show,
    index: () => llmsIndex(site.groups, site.more, publicUrl),
    full: () => llmsFull(site.pages, { publicUrl, query: {}, reader: undefined }),
  }
}

/** The first value of each name. */
function queryOf(request: HttpRequest): Record<string, string> {
  const { query } = request
  if (typeof query !== 'object' || query === null) return {}
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value
      return typeof first === 'string' ? [[name, first]] : []
    }),
  )
}

/** A person is shown a page, a program gets the problem. */
function missing(request: HttpRequest, reply: HttpReply): HttpReply {
  if (!wantsHtml(request.headers.accept))
    throw new Problem('not_found', 'There is no such page. All of them: /docs and /llms.txt')
  return reply
    .code(404)
    .type('text/html; charset=utf-8')
    .send(
      layout(
        'There is no such page',
        html`<p>The address may have changed, or was never one of ours. <a href="/docs">The documentation</a> lists every page, <a href="/docs/errors">the errors</a> every code.</p>`,
      ),
    )
}
