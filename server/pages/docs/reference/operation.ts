// One operation on its page: what it needs, takes and answers.

import { oauthErrors } from '../../../vocabulary/oauth-error.ts'
import { isReservedScope } from '../../../vocabulary/permission.ts'
import { problems } from '../../../vocabulary/problem.ts'
import { type Html, html } from '../../html.ts'
import { codeBlock } from '../code.ts'
import { curlOf } from './command.ts'
import { exampleOf } from './example.ts'
import { type Member, membersOf, typeOf } from './members.ts'
import { contentOf, type Listed, type Parameter, type Schema, scopesOf } from './openapi.ts'

export function showOperation(operation: Listed, publicUrl: string): Html {
  const { id, method, path, summary = '', description, parameters = [] } = operation
  const body = contentOf(operation.requestBody)
  return html`<div class="operation"><h2 id="${id}"><a class="anchor" href="#${id}">${summary}</a></h2>
<p class="line"><span class="method">${method}</span> <code>${path}</code></p>
${description ? html`<p>${description}</p>` : html``}
<p>${access(operation)} Operation id <code>${id}</code>.</p>
${parameterTable(parameters, id)}
${body ? html`<h3>Body</h3><p><code>${body.type}</code></p>${memberTable(membersOf(body.schema), `Body of ${id}`)}` : html``}
<h3>Example</h3>
${codeBlock({ text: curlOf(operation, publicUrl), lang: 'sh' })}
<h3>Answers</h3>
${answers(operation)}
</div>
`
}

function access(operation: Listed): Html {
  const scopes = scopesOf(operation).map(
    (scope) =>
      html`<a href="${isReservedScope(scope) ? '/docs/account-api' : `/docs/scopes#${scope}`}"><code>${scope}</code></a>`,
  )
  if (scopes.length > 0) return html`Needs an access token with the scope ${scopes}.`
  const { security } = operation
  if (security?.some((way) => 'clientSecretBasic' in way)) return html`The client authenticates (HTTP Basic).`
  if (security?.some((way) => 'session' in way)) return html`For members who are signed in at the dashboard.`
  return html`Open to everybody.`
}

function parameterTable(parameters: readonly Parameter[], id: string): Html {
  if (parameters.length === 0) return html``
  const members = parameters.map(({ name, in: place, required, description = '', schema = {} }) => ({
    name,
    type: `${place}, ${typeOf(schema)}`,
    required: required === true,
    description: description || (schema.description ?? ''),
  }))
  return html`<h3>Parameters</h3>${memberTable(members, `Parameters of ${id}`)}`
}

function memberTable(members: readonly Member[], label: string): Html {
  if (members.length === 0) return html``
  const rows = members.map(
    ({ name, type, required, description }) =>
      html`<tr><td><code>${name}</code>${required ? html`<br><span class="soft">required</span>` : html``}</td><td>${type}</td><td>${description}</td></tr>`,
  )
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table class="members"><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

function answers(operation: Listed): Html {
  const { id, responses = {} } = operation
  const entries = Object.entries(responses)
  const good = entries
    .filter(([status]) => Number(status) < 400)
    .map(([status, response]) => {
      const content = contentOf(response)
      const isJson = content?.type === 'application/json'
      return html`<p><strong>${status}</strong> ${response.description ?? ''}${content ? html` <code>${content.type}</code>` : html``}</p>
${isJson ? html`${memberTable(answerMembers(content.schema), `Answer ${status} of ${id}`)}${codeBlock({ text: JSON.stringify(exampleOf(content.schema, true), null, 2), lang: 'json' })}` : html``}`
    })
  const refused = entries
    .filter(([status]) => Number(status) >= 400)
    .map(
      ([status, { description = '' }]) =>
        html`<tr><td><strong>${status}</strong></td><td>${description}</td><td>${codesOf(Number(status), operation)}</td></tr>`,
    )
  if (refused.length === 0) return html`${good}`
  return html`${good}<div class="scroll" role="region" aria-label="Refusals of ${id}" tabindex="0"><table><thead><tr><th scope="col">Status</th><th scope="col">When</th><th scope="col">Codes of this status</th></tr></thead><tbody>${refused}</tbody></table></div>`
}

/** In an answer every member is there. */
function answerMembers(schema: Schema): Member[] {
  return membersOf(schema).map((member) => ({ ...member, required: false }))
}

function codesOf(status: number, operation: Listed): Html[] {
  return possibleCodes(status, operation).map(
    (code, index) =>
      html`${index === 0 ? html`` : html`, `}<a href="/docs/errors/${code}"><code>${code}</code></a>`,
  )
}

/** What the guard in front of an API answers is not in the table of problems. */
const guardCodes: Readonly<Record<number, readonly string[]>> = {
  401: ['missing_token', 'invalid_token'],
  403: ['insufficient_scope', 'address_not_allowed'],
}

/** The codes that a status may stand for at this operation. */
function possibleCodes(status: number, operation: Listed): readonly string[] {
  const { path, parameters = [] } = operation
  const of = (table: Record<string, number | readonly [number, string]>) =>
    Object.entries(table)
      .filter(([, its]) => (typeof its === 'number' ? its : its[0]) === status)
      .map(([code]) => code)
  if (path.startsWith('/oauth/')) return of(oauthErrors)
  const scopes = scopesOf(operation)
  const guarded = scopes.length > 0 ? (guardCodes[status] ?? []) : []
  if (scopes.some((scope) => !isReservedScope(scope)) && guarded.length > 0) return guarded
  const hasCursor = parameters.some(({ name }) => name === 'cursor')
  return [...new Set([...guarded, ...of(problems)])].filter(
    (code) =>
      (code !== 'invalid_cursor' || hasCursor) &&
      (code !== 'sign_in_failed' || operation.tags?.includes('People')) &&
      (code !== 'ambiguous_credentials' || path.startsWith('/account')),
  )
}
