// What a page of the documentation is, whatever it is made from.
import type { Html } from '../html.ts'
import type { Reader } from './reader.ts'

/** One look at a page. */
export interface Visit {
  /** The origin of this server, e.g. `https://api.example`. */
  publicUrl: string
  /** The query of the address; the first value of each name. */
  query: Readonly<Record<string, string>>
  /** The member who is signed in; undefined for a stranger. */
  reader: Reader | undefined
}

/** A heading that the table of contents names. */
export interface Heading {
  id: string
  text: string
}

export interface Content {
  html: Html
  headings: readonly Heading[]
}

export interface DocPage {
  /** Its address, e.g. `/docs/reuse`; the Markdown twin has `.md` behind it. */
  path: string
  title: string
  /** One sentence for the index and `llms.txt`, plain text. */
  summary: string
  render: (visit: Visit) => Promise<Content>
  /** The rendered twin: values filled in, links absolute. */
  markdown: (visit: Visit) => Promise<string>
}
