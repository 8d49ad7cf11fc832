// Markdown to HTML in our own shape. Nothing of the source is taken as HTML: pages have no script and no style of theirs.
import { Marked, type Token, type Tokens } from 'marked'
import { html, Html as RawHtml } from '../html.ts'
import { codeBlock, codeTabs } from './code.ts'
import type { Library } from './library.ts'
import { resolveLink } from './links.ts'
import type { Content, Heading } from './page.ts'

export interface MarkdownOptions {
  /** The file that it comes from: links are relative to it. */
  file: string
  library: Library
}

/** Renders a page without its first heading, which the layout writes. */
export function renderMarkdown(text: string, { file, library }: MarkdownOptions): Content {
  const headings: Heading[] = []
  const ids = new Set<string>()
  let tables = 0
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth, text: source }) {
        const inner = this.parser.parseInline(tokens)
        const id = uniqueId(source, ids)
        if (depth === 2) headings.push({ id, text: source.replace(/[`*]/g, '') })
        return `<h${depth} id="${id}"><a class="anchor" href="#${id}">${inner}</a></h${depth}>\n`
      },
      code: (token) => codeBlock(token).text,
      html: () => '',
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens)
        const target = resolveLink(href, file, library)
        return target === undefined ? inner : html`<a href="${target}">${new RawHtml(inner)}</a>`.text
      },
      image: ({ text: alternative }) => html`${alternative}`.text,
      table({ header, rows }) {
        tables += 1
        const cell = (name: 'th' | 'td', { tokens }: Tokens.TableCell) =>
          `<${name}${name === 'th' ? ' scope="col"' : ''}>${this.parser.parseInline(tokens)}</${name}>`
        const head = header.map((one) => cell('th', one)).join('')
        const body = rows.map((row) => `<tr>${row.map((one) => cell('td', one)).join('')}</tr>`).join('')
        return `<div class="scroll" role="region" aria-label="Table ${tables}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>\n`
      },
    },
  })
  const tokens = marked.lexer(text).filter((token) => !(token.type === 'heading' && token.depth === 1))
  const parts = splitTabs(tokens).map((part) =>
    'tabs' in part ? codeTabs(part.tabs, `t${part.index}`).text : marked.parser(part.tokens),
  )
  return { html: new RawHtml(parts.join('')), headings }
}

type Part = { tokens: Token[] } | { tabs: Tokens.Code[]; index: number }

/** What stands between `<!-- tabs -->` and `<!-- /tabs -->` are ways of saying the same. */
function splitTabs(tokens: readonly Token[]): Part[] {
  const parts: Part[] = []
  let open: Tokens.Code[] | undefined
  let plain: Token[] = []
  for (const token of tokens) {
    const mark = token.type === 'html' ? token.raw.trim() : ''
    if (mark === '<!-- tabs -->') {
      parts.push({ tokens: plain })
      plain = []
      open = []
    } else if (mark === '<!-- /tabs -->' && open) {
      parts.push({ tabs: open, index: parts.length })
      open = undefined
    } else if (!open) plain.push(token)
    else if (isCode(token)) open.push(token)
  }
  return [...parts, { tokens: plain }]
}

function isCode(token: Token): token is Tokens.Code {
  return token.type === 'code'
}

/** As GitHub makes them, so that a link with a fragment is right in both places. */
function uniqueId(text: string, taken: Set<string>): string {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
  let id = plain
  for (let count = 1; taken.has(id); count += 1) id = `${plain}-${count}`
  taken.add(id)
  return id
}
