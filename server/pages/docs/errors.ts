// The index of the codes, and the reader's own failed request on the page of a code.
import { html } from '../html.ts'
import type { Source } from './library.ts'
import type { Content } from './page.ts'
import type { Addition } from './source-page.ts'

const nothing: Content = { html: html``, headings: [] }

/** The table of all codes, from their pages. */
export function errorsAddition(sources: readonly Source[]): Addition {
  const codes = sources
    .filter(({ path }) => path.startsWith('/docs/errors/'))
    .map(({ path, text, summary }) => ({
      path,
      code: path.slice('/docs/errors/'.length),
      status: /\*\*Status\*\*: (.+)$/m.exec(text)?.[1] ?? '',
      summary,
    }))
  return {
    async render() {
      const rows = codes.map(
        ({ path, code, status, summary }) =>
          html`<tr><td><a href="${path}"><code>${code}</code></a></td><td>${status}</td><td>${summary}</td></tr>`,
      )
      return {
        html: html`<h2 id="all-codes"><a class="anchor" href="#all-codes">All codes</a></h2>
<div class="scroll" role="region" aria-label="All codes" tabindex="0"><table><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">What it means</th></tr></thead><tbody>${rows}</tbody></table></div>`,
        headings: [{ id: 'all-codes', text: 'All codes' }],
      }
    },
    async markdown({ publicUrl }) {
      const rows = codes.map(
        ({ path, code, status, summary }) => `| [${code}](${publicUrl}${path}.md) | ${status} | ${summary} |`,
      )
      return `## All codes\n\n| Code | Status | What it means |\n| --- | --- | --- |\n${rows.join('\n')}\n`
    },
  }
}

/**
 * `?request=REQUEST_ID`: what became of that request, for a member of its account alone. For everybody else, and for a
 * request that was refused with another code, the page is as without.
 */
export function failedRequestAddition(path: string): Addition {
  const code = path.slice('/docs/errors/'.length)
  return {
    first: true,
    async render({ reader, query }) {
      const { request } = query
      if (request === undefined || !/^req_[0-9a-f-]{36}$/.test(request)) return nothing
      const found = await reader?.findRequest(request)
      if (!found || found.error !== code) return nothing
      const { requestId, whatHappened, why, editUrl, logsPath } = found
      return {
        html: html`<section class="yours" aria-labelledby="your-request"><h2 id="your-request">Your request</h2>
<p>${whatHappened}</p>${why === null ? html`` : html`<p><strong>Why, for you alone:</strong> ${why}</p>`}
<p>${editUrl === null ? html`` : html`<a class="button" href="${editUrl}">Mend it on the client</a> `}<a href="${logsPath}">Show it in Logs</a> <code>${requestId}</code></p></section>`,
        headings: [{ id: 'your-request', text: 'Your request' }],
      }
    },
    // A twin is the same for everybody.
    markdown: async () => '',
  }
}
