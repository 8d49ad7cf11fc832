import type { StoredScope } from '../catalogue/store.ts'
import { errorCodes, errorText } from './error-texts.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'

const tokenRequest = (url: string) => `curl -u "$LATCHKEY_CLIENT_ID:$LATCHKEY_CLIENT_SECRET" \\
  -d grant_type=client_credentials -d scope=document_read \\
  ${url}/oauth/connect/token`

const guardedCall = (url: string) => `curl -H "Authorization: Bearer $TOKEN" ${url}/signature/documents`

export function docsPage(publicUrl: string): string {
  return layout(
    'Connecting to the API',
    html`<p>Five steps from a client to a guarded call.</p>
<h2>1. A client with scopes</h2>
<p>An API client has an id, a secret and the scopes it may ask for. Test and production have clients of their own: <code>test-…</code> with <code>lk_test_…</code>, <code>prod-…</code> with <code>lk_prod_…</code>. <a href="/docs/scopes">All scopes</a></p>
<h2>2. Request a token</h2>
<p>One endpoint for both environments. The client authenticates by HTTP Basic; the body is a form.</p>
<pre><code>${tokenRequest(publicUrl)}</code></pre>
<p>The answer holds <code>access_token</code>, <code>token_type</code>, <code>expires_in</code> in seconds, and <code>scope</code>.</p>
<h2>3. Use it</h2>
<pre><code>${guardedCall(publicUrl)}</code></pre>
<h2>4. Reuse it</h2>
<p>Keep the token until it is nearly expired, then request a new one. One token request for each call is waste; the SDK does it right by itself. <a href="/docs/reuse">How to reuse a token</a></p>
<h2>5. When a call is refused</h2>
<p><strong>401</strong>: the token is missing or expired. <strong>403</strong>: it lacks the scope that the call needs. Both answers say what to do. <a href="/docs/errors">All errors</a></p>`,
  )
}

export function scopesPage(scopes: readonly StoredScope[]): string {
  const rows = scopes.map(
    (scope) =>
      html`<tr><td><code>${scope.name}</code></td><td>${scope.apiName}</td><td>${scope.description}${deprecationNote(scope)}</td><td>${scope.access === 'granted' ? 'the accounts that the operator gives it' : 'every account'}</td><td class="operations">${endpointList(scope)}</td></tr>`,
  )
  return layout(
    'Scopes',
    html`<p>A client gets a token only for scopes that are set up on it. Several are separated by single spaces. The <a href="/docs/api">API reference</a> says which scope each operation needs.</p>
<div class="scroll"><table><thead><tr><th scope="col">Scope</th><th scope="col">API</th><th scope="col">What it allows</th><th scope="col">Who may have it</th><th scope="col">Operations</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  )
}

function deprecationNote({ deprecatedAt, deprecationNote: note }: StoredScope): Html {
  if (deprecatedAt === null) return html``
  const day = new Date(deprecatedAt).toISOString().slice(0, 10)
  return html`<br><strong>Deprecated</strong> (${day}). ${note ?? ''}`
}

function endpointList({ endpoints }: StoredScope): Html {
  const lines = endpoints.map(
    (endpoint, index) => html`${index === 0 ? html`` : html`<br>`}<code>${endpoint}</code>`,
  )
  return html`${lines}`
}

export function errorsPage(): string {
  const rows = errorCodes().map(
    (code) =>
      html`<tr><td><a href="/docs/errors/${code}"><code>${code}</code></a></td><td>${errorText(code)?.meaning ?? ''}</td></tr>`,
  )
  return layout(
    'Errors',
    html`<p>The token endpoint answers errors as <code>error</code>, <code>error_description</code> and <code>error_uri</code> (RFC 6749), the APIs as problem details (RFC 9457). Every answer has a <code>Request-Id</code>.</p>
<div class="scroll"><table><thead><tr><th scope="col">Code</th><th scope="col">What it means</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  )
}

export function errorPage(code: string): string | undefined {
  const text = errorText(code)
  return (
    text &&
    layout(
      text.title,
      html`<p>${text.meaning}</p><h2>How to mend it</h2><ul>${text.mend.map((step) => html`<li>${step}</li>`)}</ul><p><a href="/docs/errors">All errors</a></p>`,
    )
  )
}

export function deprecatedHostPage(publicUrl: string): string {
  return layout(
    'This host name is deprecated',
    html`<p>The host that answered with a <code>Deprecation</code> header goes out of use on the day that its <code>Sunset</code> header names. It answers identically until then.</p>
<h2>What to change</h2><p>Replace the host by <code>${publicUrl}</code>. Paths, client ids, secrets and tokens stay the same.</p>`,
  )
}

export function reportLeakedSecretPage(publicUrl: string): string {
  return layout(
    'Report a leaked secret',
    html`<p>You found a client secret of this service where it should not be: in a repository, a log, a web page. It begins with <code>lk_test_</code> or <code>lk_prod_</code>. Report it, and it stops working at once, with every token of its client. You need no account.</p>
<pre><code>curl -d secret="$FOUND_SECRET" ${publicUrl}/report-leaked-secret</code></pre>
<p>JSON (<code>{"secret": "…"}</code>) and plain text that holds up to 100 secrets are taken, too, up to 64 kB. Send each secret whole, and not in the address. The answer is always the same, so that it tells nobody which secrets exist.</p>
<h2>If the secret is yours</h2><p>Add a new secret to the client and give it to your program, then revoke the old one. Look in the activity for token requests that were not yours. Revoking a secret leaves the tokens that were requested with it alive until they expire: revoke the tokens of the client too, or report the secret here.</p>`,
  )
}
