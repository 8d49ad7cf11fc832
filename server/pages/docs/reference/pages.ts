// The API reference: an index and a page for each group of operations, from the document that /openapi.json serves.
import { html } from '../../html.ts'
import type { Content, DocPage } from '../page.ts'
import type { Addition } from '../source-page.ts'
import { type Group, groupsOf, type OpenApi, scopesOf } from './openapi.ts'
import { showOperation } from './operation.ts'
import { writeOperation } from './operation-text.ts'

export type { OpenApi } from './openapi.ts'

/** @param openapi the document; it is read once, since routes do not change. */
export function referencePages(openapi: () => OpenApi): { index: Addition; pages: DocPage[] } {
  const groups = groupsOf(openapi())
  return { index: indexOf(groups), pages: groups.map(groupPage) }
}

function groupPage(group: Group): DocPage {
  const { name, description, slug, operations } = group
  let shown: Content | undefined
  return {
    path: `/docs/api/${slug}`,
    title: `${name} API`.replace(/^API clients API$/, 'API clients').replace(/^Service API$/, 'Service'),
    summary: description,
    async render({ publicUrl }) {
      shown ??= {
        html: html`<p>${description}</p>${operations.map((operation) => showOperation(operation, publicUrl))}`,
        headings: operations.map(({ id, summary = '' }) => ({ id, text: summary })),
      }
      return shown
    },
    async markdown({ publicUrl }) {
      const texts = operations.map((operation) => writeOperation(operation, publicUrl))
      return `# ${name}\n\n${description}\n\n${texts.join('\n\n')}\n`
    },
  }
}

function indexOf(groups: readonly Group[]): Addition {
  return {
    async render() {
      const sections = groups.map(({ name, description, slug, operations }) => {
        const rows = operations.map(
          (operation) =>
            html`<tr><td class="operations"><a href="/docs/api/${slug}#${operation.id}"><code>${operation.method} ${operation.path}</code></a></td><td>${operation.summary ?? ''}</td><td>${scopesOf(operation).map((scope) => html`<code>${scope}</code>`)}</td></tr>`,
        )
        return html`<h2 id="${slug}"><a class="anchor" href="/docs/api/${slug}">${name}</a></h2><p>${description}</p>
<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table class="reference"><thead><tr><th scope="col">Operation</th><th scope="col">What it does</th><th scope="col">Scope</th></tr></thead><tbody>${rows}</tbody></table></div>`
      })
      return {
        html: html`${sections}`,
        headings: groups.map(({ name, slug }) => ({ id: slug, text: name })),
      }
    },
    async markdown({ publicUrl }) {
      return groups
        .map(({ name, description, slug, operations }) => {
          const lines = operations.map(
            ({ method, path, summary = '' }) => `- \`${method} ${path}\`: ${summary}`,
          )
          return `## [${name}](${publicUrl}/docs/api/${slug}.md)\n\n${description}\n\n${lines.join('\n')}\n`
        })
        .join('\n')
    },
  }
}
