// The frame of a page of the documentation: all pages at the left, the page, its headings at the right. On a narrow
// screen the list of pages stands behind the page, and a link at the top leads there.
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'
import { type NavigationGroup, neighbours } from './navigation.ts'
import type { Content, DocPage } from './page.ts'
import type { ReaderClient } from './reader.ts'

type Listed = Pick<DocPage, 'path' | 'title'>

export interface FrameOptions {
  page: Listed
  content: Content
  groups: readonly NavigationGroup<Listed>[]
  signedIn: boolean
  /** The client whose id stands in the examples. */
  client: ReaderClient | undefined
}

export function frame({ page, content, groups, signedIn, client }: FrameOptions): string {
  const { previous, next } = neighbours(groups, page.path)
  const trail = parentOf(page.path)
  return layout(
    page.title,
    html`<div class="docs">
<article>
<p class="above"><a class="to-pages" href="#pages">All pages</a>${trail ? html`<a href="${trail.path}">${trail.title}</a>` : html``}<a class="twin" href="${page.path}.md">Markdown</a></p>
<h1>${page.title}</h1>
${client ? filledNote(client) : html``}
${contents(content)}
<div class="text">${content.html}</div>
${turn(previous, next)}
</article>
<nav class="pages" id="pages" aria-label="All pages">${groups.map((group) => groupList(group, page.path))}</nav>
</div>`,
    { heading: html``, signedIn, current: page.path, wide: true },
  )
}

function turn(previous: Listed | undefined, next: Listed | undefined): Html {
  if (!previous && !next) return html``
  const back = previous
    ? html`<a rel="prev" href="${previous.path}"><span>Previous</span>${previous.title}</a>`
    : html`<span></span>`
  const on = next ? html`<a rel="next" href="${next.path}"><span>Next</span>${next.title}</a>` : html``
  return html`<nav class="turn" aria-label="Previous and next page">${back}${on}</nav>`
}

function filledNote({ id, name, environment }: ReaderClient): Html {
  return html`<p class="note">The examples are filled with your ${environment} client <code>${id}</code> (${name}). Its secret stays yours: set <code>LATCHKEY_CLIENT_SECRET</code> in your shell.</p>`
}

function contents({ headings }: Content): Html {
  if (headings.length < 2) return html``
  const items = headings.map(({ id, text }) => html`<li><a href="#${id}">${text}</a></li>`)
  return html`<nav class="contents" aria-label="On this page"><p>On this page</p><ul>${items}</ul></nav>`
}

function groupList({ name, pages }: NavigationGroup<Listed>, path: string): Html {
  const items = pages.map((page) => {
    const here = page.path === path
    const around = !here && page.path !== '/docs' && path.startsWith(`${page.path}/`)
    const mark = here ? html` aria-current="page"` : around ? html` class="around"` : html``
    return html`<li><a href="${page.path}"${mark}>${page.title}</a></li>`
  })
  return html`<h2>${name}</h2><ul>${items}</ul>`
}

function parentOf(path: string): { path: string; title: string } | undefined {
  if (path.startsWith('/docs/errors/')) return { path: '/docs/errors', title: 'All errors' }
  if (path.startsWith('/docs/api/')) return { path: '/docs/api', title: 'API reference' }
  if (path.startsWith('/docs/decisions/')) return { path: '/docs/decisions', title: 'All decisions' }
  return undefined
}
