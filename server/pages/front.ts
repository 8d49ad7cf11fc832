// The front page: the product at work in one screen, as it goes over the wire, and the way in.
import { html } from './html.ts'
import { layout } from './layout.ts'

const promises = [
  [
    'Refusals that lead to their fix',
    'A 403 opens the client with the missing scope marked. Save, ask for a new token, done.',
  ],
  [
    'A token is used until it is nearly over',
    'The dashboard shows who asks too often, and the lines of code that mend it.',
  ],
  [
    'Secrets change without a pause',
    'Two live side by side; you see who still uses the old one, and when it is safe to revoke.',
  ],
] as const

export function frontPage(publicUrl: string): string {
  const { host } = new URL(publicUrl)
  const wire = [
    {
      caption: 'Your program asks for a token, once',
      isAnswer: false,
      text: `POST /oauth/connect/token HTTP/1.1
Host: ${host}
Authorization: Basic dGVzdC1xdWlldC1mam9yZC00ODI6…
Content-Type: application/x-www-form-urlencoded

grant_type=client_credentials&scope=document_read`,
    },
    {
      caption: 'It is good for an hour',
      isAnswer: true,
      text: `HTTP/1.1 200 OK
Content-Type: application/json
Cache-Control: no-store

{"access_token":"eyJhbGciOi…","token_type":"Bearer",
 "expires_in":3600,"scope":"document_read"}`,
    },
    {
      caption: 'Each call shows it',
      isAnswer: false,
      text: `GET /signature/documents HTTP/1.1
Host: ${host}
Authorization: Bearer eyJhbGciOiJFUzI1NiIs…`,
    },
    {
      caption: 'And is answered',
      isAnswer: true,
      text: `HTTP/1.1 200 OK
Content-Type: application/json
Request-Id: req_01a21f16-9e16-703e-a301-0bdedd969310

{"items":[],"nextCursor":null}`,
    },
  ]
  const figures = wire.map(
    ({ caption, isAnswer, text }) =>
      html`<figure><figcaption>${caption}</figcaption><pre class="${isAnswer ? 'answer' : 'request'}" tabindex="0"><code>${text}</code></pre></figure>`,
  )
  const points = promises.map(([title, text]) => html`<div><h2>${title}</h2><p>${text}</p></div>`)
  return layout(
    'APIs for machines, opened in minutes',
    html`<div class="hero">
<div class="pitch">
<h1>APIs for machines, opened in minutes</h1>
<p>Make an API client, give it scopes, and call the signature, notification and identification APIs from your own systems: by OAuth 2.0 client credentials, in test first, in production when you are ready.</p>
<p><a class="button" href="/sign-up">Create a free test account</a></p>
<p><a href="/docs">How to connect</a> · <a href="/docs/api">API reference</a> · <a href="/docs/scopes">Scopes</a> · <a href="/openapi.json">openapi.json</a></p>
</div>
<div class="wire">${figures}</div>
<div class="promises">${points}</div>
</div>`,
    { heading: html`` },
  )
}
