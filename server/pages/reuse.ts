import { html } from './html.ts'
import { layout } from './layout.ts'

/** Code that keeps its token, with the SDK. */
export const withSdk = (url: string) => `import { createClient } from '@latchkey/client'

const api = createClient({ url: '${url}', scopes: ['document_read'] })

// As often as you like: one token request in three quarters of an hour.
const response = await api.fetch('/signature/documents')`

/** The same with nothing but fetch. */
export const withoutSdk = `let token, renewAt = 0

async function accessToken() {
  if (Date.now() >= renewAt) {
    const answer = await requestToken()
    token = answer.access_token
    renewAt = Date.now() + answer.expires_in * 1000 * 0.75
  }
  return token
}`

/** Where the quota of token requests leads: `error_uri` of its refusal. */
export function reusePage(publicUrl: string): string {
  return layout(
    'Reuse the token',
    html`<p>A token is good for as long as <code>expires_in</code> says, for as many calls as you make. Request one, keep it in memory, and request the next when this one is nearly expired. A token request for each call doubles the time of the call, and ends at the quota.</p>
<h2>With the SDK</h2>
<p>It keeps the token, renews it in the background, and shares it among all its clients in the process. Keep <code>createClient</code> out of the function that handles a request only to save work: also there it would take the token from memory.</p>
<pre><code>${withSdk(publicUrl)}</code></pre>
<h2>Without it</h2>
<pre><code>${withoutSdk}</code></pre>
<p>When several calls start at once, let them wait for the same request. In short-lived processes (a function, a cron job) keep the token where the next run finds it, as safe as the client secret.</p>
<h2>The quota</h2>
<p>Each answer with a token says how many a client may request and how many are left: <code>RateLimit-Policy: "tokens";q=120;w=60</code> is 120 in 60 seconds, <code>RateLimit: "tokens";r=119;t=42</code> that 119 are left for 42 seconds. Beyond the quota the owner of the client is told; where the operator has decided so, the answer is 429 <a href="/docs/errors/rate_limited"><code>rate_limited</code></a> until the time in <code>Retry-After</code>. The tokens that you have go on working.</p>`,
  )
}
