import { type Html, html } from './html.ts'
import { layout } from './layout.ts'

interface Operation {
  summary?: string
  description?: string
  tags?: string[]
  security?: Record<string, string[]>[]
  responses?: Record<string, { description?: string }>
}

interface Document {
  paths?: Record<string, Record<string, Operation>>
}

/** Every operation with the scope it needs, from the same document that `/openapi.json` serves. */
export function apiReference(openapi: Document): string {
  const groups = new Map<string, Html[]>()
  for (const [path, methods] of Object.entries(openapi.paths ?? {})) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? 'Service'
      groups.set(tag, [...(groups.get(tag) ?? []), row(method, path, operation)])
    }
  }
  // What callers use first; the service's own operations last.
  const ordered = [...groups].sort(([a], [b]) => Number(a === 'Service') - Number(b === 'Service'))
  const sections = ordered.map(
    ([tag, rows]) =>
      html`<h2>${tag}</h2><div class="scroll"><table class="reference"><thead><tr><th scope="col">Operation</th><th scope="col">What it does</th><th scope="col">Scope</th><th scope="col">Answers</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  )
  return layout(
    'API reference',
    html`<p>The whole of it, for tools: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>${sections}`,
  )
}

function row(method: string, path: string, operation: Operation): Html {
  const scopes = operation.security?.flatMap((scheme) => scheme.accessToken ?? []) ?? []
  const scope =
    scopes.length > 0 ? html`<code>${scopes.join(' ')}</code>` : html`<span class="soft">none</span>`
  const answers = Object.keys(operation.responses ?? {}).join(', ')
  return html`<tr><td><code>${method.toUpperCase()} ${path}</code></td><td>${operation.summary ?? ''}</td><td>${scope}</td><td>${answers}</td></tr>`
}
