// The documentation for programs that read: an index, and everything in one text (https://llmstxt.org).
import type { NavigationGroup } from './navigation.ts'
import type { DocPage, Visit } from './page.ts'

const summary =
  'An OAuth 2.0 authorization server for client credentials, a dashboard, and the signature, notification and identification APIs that its access tokens open.'

/** `llms.txt`: every page with its twin. */
export function llmsIndex(
  groups: readonly NavigationGroup<DocPage>[],
  more: readonly NavigationGroup<DocPage>[],
  publicUrl: string,
): string {
  const sections = [...groups, ...more].map(({ name, pages }) => {
    const lines = pages.map(
      ({ path, title, summary: about }) =>
        `- [${title}](${publicUrl}${path}.md)${about === '' ? '' : `: ${about}`}`,
    )
    return `## ${name}\n\n${lines.join('\n')}`
  })
  return `# Latchkey\n\n> ${summary}\n\nThe whole API as one document: [openapi.json](${publicUrl}/openapi.json). All pages in one text: [llms-full.txt](${publicUrl}/llms-full.txt).\n\n${sections.join('\n\n')}\n`
}

/** `llms-full.txt`: the twins of all pages, one after the other. */
export async function llmsFull(pages: readonly DocPage[], visit: Visit): Promise<string> {
  const texts = await Promise.all(
    pages.map(
      async (page) => `<!-- ${visit.publicUrl}${page.path} -->\n\n${(await page.markdown(visit)).trim()}`,
    ),
  )
  return `${texts.join('\n\n---\n\n')}\n`
}
