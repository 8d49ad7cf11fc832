// A page that is a Markdown file, and what is put behind its text.
import { Html } from '../html.ts'
import { fillUrl } from './fill.ts'
import type { Library, Source } from './library.ts'
import type { Content, DocPage, Visit } from './page.ts'
import { twinOf } from './twin.ts'

/** What a page has beside its file: made for each visit. */
export interface Addition {
  /** True: it stands before the text. */
  first?: true
  render: (visit: Visit) => Promise<Content>
  markdown: (visit: Visit) => Promise<string>
}

/** @param addition what is made from the program itself, e.g. the table of scopes; it stands behind the text. */
export function sourcePage(source: Source, library: Library, addition?: Addition): DocPage {
  let rendered: Content | undefined
  async function content({ publicUrl }: Visit): Promise<Content> {
    if (rendered) return rendered
    // Loaded when the first page is asked for: a server that nobody reads does without.
    const { renderMarkdown } = await import('./markdown.ts')
    const { html, headings } = renderMarkdown(source.text, { file: source.file, library })
    rendered = { html: new Html(fillUrl(html.text, publicUrl)), headings }
    return rendered
  }
  return {
    path: source.path,
    title: source.title,
    summary: source.summary,
    async render(visit) {
      const own = await content(visit)
      const added = await addition?.render(visit)
      if (!added) return own
      const [before, behind] = addition?.first ? [added, own] : [own, added]
      return {
        html: new Html(before.html.text + behind.html.text),
        headings: [...before.headings, ...behind.headings],
      }
    },
    async markdown(visit) {
      const own = twinOf(source.text, source.file, library, visit.publicUrl)
      const added = await addition?.markdown(visit)
      return !added ? own : `${own.trimEnd()}\n\n${added}`
    },
  }
}
