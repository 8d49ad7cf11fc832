// Scopes and operations, both ways; for a member joined with a client of his.
import type { StoredScope } from '../../catalogue/store.ts'
import { type Html, html } from '../html.ts'
import { cell } from './markdown-text.ts'
import type { Content, Visit } from './page.ts'
import { chosenClient, type Reader, type ReaderClient } from './reader.ts'
import type { Addition } from './source-page.ts'

/** @param scopes those that people may pick, as they are now. */
export function scopesAddition(scopes: () => readonly StoredScope[]): Addition {
  return {
    render: async (visit) => show(scopes(), visit),
    async markdown() {
      const rows = scopes().map(
        (scope) =>
          `| \`${scope.name}\` | ${cell(scope.apiName)} | ${cell(scope.description)} | ${whoMayHaveIt(scope)} | ${scope.endpoints.map(cell).join('; ')} |`,
      )
      return `## All scopes\n\n| Scope | API | What it allows | Who may have it | Operations |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`
    },
  }
}

async function show(scopes: readonly StoredScope[], { query, reader }: Visit): Promise<Content> {
  const wanted = (query.q ?? '').trim().slice(0, 100)
  const client = await chosenClient(reader, query.client)
  const shown = scopes.filter((scope) => matches(scope, wanted))
  const operations = operationsOf(shown).filter(
    ({ endpoint, scopes: needed }) =>
      wanted === '' || includes(endpoint, wanted) || needed.some((scope) => matchesText(scope, wanted)),
  )
  const form = await filterForm(wanted, reader, client)
  if (shown.length === 0)
    return {
      html: html`${form}<p>No scope and no operation matches <strong>${wanted}</strong>. <a href="/docs/scopes">Show all</a></p>`,
      headings: [],
    }
  return {
    html: html`${form}
<h2 id="by-scope"><a class="anchor" href="#by-scope">What each scope opens</a></h2>
<div class="scroll" role="region" aria-label="What each scope opens" tabindex="0"><table><thead><tr><th scope="col">Scope</th>${clientHead(client)}<th scope="col">What it allows</th><th scope="col">Operations</th></tr></thead><tbody>${shown.map((scope) => scopeRow(scope, client))}</tbody></table></div>
<h2 id="by-operation"><a class="anchor" href="#by-operation">What each operation needs</a></h2>
<div class="scroll" role="region" aria-label="What each operation needs" tabindex="0"><table><thead><tr><th scope="col">Operation</th><th scope="col">Scope</th>${clientHead(client)}</tr></thead><tbody>${operations.map((operation) => operationRow(operation, client))}</tbody></table></div>`,
    headings: [
      { id: 'by-scope', text: 'What each scope opens' },
      { id: 'by-operation', text: 'What each operation needs' },
    ],
  }
}

async function filterForm(
  wanted: string,
  reader: Reader | undefined,
  client: ReaderClient | undefined,
): Promise<Html> {
  const clients = (await reader?.clients()) ?? []
  const options = clients.map(
    ({ id, name, environment }) =>
      html`<option value="${id}"${id === client?.id ? html` selected` : html``}>${name} · ${id} (${environment})</option>`,
  )
  const mine = reader
    ? clients.length > 0
      ? html`<label>Your client <select name="client">${options}</select></label>`
      : html`<p><a href="/test/account/api-clients">Create a client</a> to tick its scopes here.</p>`
    : html`<p><a href="/sign-in">Sign in</a> to tick the scopes of your own clients.</p>`
  return html`<form class="filter" method="get" action="/docs/scopes" role="search"><label>Filter <input type="search" name="q" value="${wanted}" maxlength="100" placeholder="document, POST, events…"></label>${clients.length > 0 ? mine : html``}<button type="submit">Show</button>${wanted === '' ? html`` : html` <a href="/docs/scopes">Clear</a>`}</form>${clients.length > 0 ? html`` : mine}`
}

function clientHead(client: ReaderClient | undefined): Html {
  return client ? html`<th scope="col">${client.name}</th>` : html``
}

function scopeRow(scope: StoredScope, client: ReaderClient | undefined): Html {
  const endpoints = scope.endpoints.map(
    (endpoint, index) => html`${index === 0 ? html`` : html`<br>`}<code>${endpoint}</code>`,
  )
  return html`<tr id="${scope.name}"><td><code>${scope.name}</code><br><span class="soft">${scope.apiName}, ${whoMayHaveIt(scope)}</span></td>${client ? html`<td>${tick(client, scope.name)}</td>` : html``}<td>${scope.description}${deprecation(scope)}</td><td class="operations">${endpoints}</td></tr>`
}

interface Operation {
  endpoint: string
  scopes: readonly StoredScope[]
}

function operationRow({ endpoint, scopes }: Operation, client: ReaderClient | undefined): Html {
  const names = scopes.map(
    ({ name }, index) =>
      html`${index === 0 ? html`` : html` or `}<a href="#${name}"><code>${name}</code></a>`,
  )
  const held = scopes.find(({ name }) => client?.scopes.includes(name))
  return html`<tr><td class="operations"><code>${endpoint}</code></td><td>${names}</td>${client ? html`<td>${tick(client, held?.name ?? scopes[0]?.name ?? '')}</td>` : html``}</tr>`
}

/** A tick in words, too; else the way to the box that has to be ticked. */
function tick({ id, environment, scopes }: ReaderClient, scope: string): Html {
  if (scopes.includes(scope)) return html`<span class="has">✓ has it</span>`
  const address = `/${environment}/account/api-clients/${encodeURIComponent(id)}/edit?advanced=1&scope=${encodeURIComponent(scope)}#scopes`
  return html`<a href="${address}">Add ${scope}</a>`
}

function operationsOf(scopes: readonly StoredScope[]): Operation[] {
  const byEndpoint = new Map<string, StoredScope[]>()
  for (const scope of scopes)
    for (const endpoint of scope.endpoints)
      byEndpoint.set(endpoint, [...(byEndpoint.get(endpoint) ?? []), scope])
  const pathOf = (endpoint: string) => endpoint.split(' ')[1] ?? ''
  return [...byEndpoint]
    .map(([endpoint, needed]) => ({ endpoint, scopes: needed }))
    .toSorted((one, other) => (pathOf(one.endpoint) < pathOf(other.endpoint) ? -1 : 1))
}

function matches(scope: StoredScope, wanted: string): boolean {
  return matchesText(scope, wanted) || scope.endpoints.some((endpoint) => includes(endpoint, wanted))
}

function matchesText({ name, apiName, description }: StoredScope, wanted: string): boolean {
  return [name, apiName, description].some((text) => includes(text, wanted))
}

function includes(text: string, wanted: string): boolean {
  return text.toLowerCase().includes(wanted.toLowerCase())
}

function whoMayHaveIt({ access }: StoredScope): string {
  return access === 'granted' ? 'for the accounts that the operator gives it' : 'for every account'
}

function deprecation({ deprecatedAt, deprecationNote }: StoredScope): Html {
  if (deprecatedAt === null) return html``
  const day = new Date(deprecatedAt).toISOString().slice(0, 10)
  return html`<br><strong>Deprecated</strong> (${day}). ${deprecationNote ?? ''}`
}
