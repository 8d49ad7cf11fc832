// The deprecated host name: RFC 9745, RFC 8594, RFC 5829.
import assert from 'node:assert/strict'
import type { Answer } from './answer.ts'
import { readAnswer } from './answer.ts'
import { decodeToken } from './jwt.ts'
import { sendRaw } from './raw-request.ts'
import { requirement } from './requirement.ts'
import { guardedCallOf, need, type Target } from './target.ts'
import {
  basic,
  callGuarded,
  firstScope,
  formType,
  postToken,
  requestBody,
  type TokenPost,
} from './token-request.ts'

/** The same address on the old host. */
function onOldHost(target: Target, url: string): string {
  const { pathname, search } = new URL(url)
  return need(target.deprecatedOrigin, 'deprecated host') + pathname + search
}

function postOld(target: Target, post: TokenPost = {}): Promise<Answer> {
  return postToken(target, { ...post, endpoint: onOldHost(target, target.tokenEndpoint) })
}

async function getOld(target: Target, url: string): Promise<Answer> {
  return readAnswer(await fetch(onOldHost(target, url), { redirect: 'manual' }))
}

/** The targets of a Link header by their relation (RFC 8288 §3). */
function linksOf({ headers }: Answer): Record<string, string> {
  const found = (headers.get('link') ?? '').matchAll(/<([^>]*)>;\s*rel="?([a-z-]+)"?/g)
  return Object.fromEntries([...found].map((match) => [match[2] ?? '', match[1] ?? '']))
}

const imfDate =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/

// RFC 9745 §2, §3; RFC 8594 §3, §6; RFC 5829 §3.
function assertAnnounced(answer: Answer): void {
  assert.match(answer.headers.get('deprecation') ?? '', /^@\d+$/, `Deprecation on ${answer.status}`)
  assert.match(answer.headers.get('sunset') ?? '', imfDate)
  const links = linksOf(answer)
  for (const relation of ['deprecation', 'sunset', 'successor-version'])
    assert.ok(URL.canParse(links[relation] ?? ''), `a link to the ${relation}`)
}

requirement(139, 'the old host issues tokens', async (target) => {
  const answer = await postOld(target)
  assert.equal(answer.status, 200, answer.text)
  assertAnnounced(answer)
  assert.equal(linksOf(answer)['successor-version'], target.tokenEndpoint)
})

const answers: readonly (readonly [string, (target: Target) => Promise<Answer>])[] = [
  ['no authentication', (target) => postOld(target, { authorization: null })],
  ['an unknown scope', (target) => postOld(target, { body: requestBody('no_such_scope') })],
  ['a JSON body', (target) => postOld(target, { contentType: 'application/json', body: '{}' })],
  ['another method', (target) => postOld(target, { method: 'GET', body: null })],
  ['a body that is too large', (target) => postOld(target, { body: 'x'.repeat(20_000) })],
  ['the metadata', (target) => getOld(target, target.metadataUrl)],
  ['the keys', (target) => getOld(target, target.jwksUri)],
  ['a guarded call without token', (target) => getOld(target, guardedCallOf(target).url)],
  ['an address that does not exist', (target) => getOld(target, `${target.issuer}/nothing`)],
  [
    'a Transfer-Encoding that is not supported',
    (target) =>
      sendRaw(onOldHost(target, target.tokenEndpoint), { headers: [['Transfer-Encoding', 'gzip, chunked']] }),
  ],
  [
    'the host name in capitals',
    (target) => {
      const { host } = new URL(need(target.deprecatedOrigin, 'deprecated host'))
      return sendRaw(onOldHost(target, target.jwksUri), {
        method: 'GET',
        headers: [['Host', host.toUpperCase()]],
      })
    },
  ],
]
for (const [what, ask] of answers) {
  requirement(139, `the answer to ${what} announces the deprecation`, async (target) => {
    assertAnnounced(await ask(target))
  })
}
requirement(
  139,
  'the pages that the answer links to are there, and the new host announces nothing',
  async (target) => {
    const { deprecation = '', sunset = '' } = linksOf(await postOld(target))
    for (const page of [deprecation, sunset]) assert.equal((await fetch(page)).status, 200)
    const { headers } = await postToken(target)
    assert.deepEqual(
      [headers.get('deprecation'), headers.get('sunset'), headers.get('link')],
      [null, null, null],
    )
  },
)

// RFC 9745 §2.1: a structured date; RFC 8594 §3: an HTTP date; RFC 9745 §4: not before the deprecation.
requirement(140, 'the sunset is not before the deprecation', async (target) => {
  const { headers } = await postOld(target)
  const deprecation = Number(/^@(\d+)$/.exec(headers.get('deprecation') ?? '')?.[1]) * 1000
  const sunset = headers.get('sunset') ?? ''
  assert.match(sunset, imfDate)
  assert.equal(new Date(sunset).toUTCString(), sunset)
  assert.ok(deprecation > 0 && Date.parse(sunset) >= deprecation)
})

requirement(
  141,
  'old and new host give tokens of the same issuer and audience, good at both',
  async (target) => {
    const call = guardedCallOf(target)
    const body = requestBody(call.scope)
    const [old, current] = [await postOld(target, { body }), await postToken(target, { body })]
    const claims = [old, current].map(
      ({ body: { access_token: token } }) => decodeToken(String(token)).claims,
    )
    assert.deepEqual([claims[0]?.iss, claims[0]?.aud], [claims[1]?.iss, claims[1]?.aud])
    for (const token of [old.body.access_token, current.body.access_token]) {
      for (const url of [call.url, onOldHost(target, call.url)])
        assert.equal((await callGuarded({ ...call, url }, `Bearer ${token}`)).status, 200)
    }
  },
)
// RFC 9700 §4.12: a redirect would send the credentials on.
requirement(141, 'a POST with credentials is never redirected', async (target) => {
  const body = requestBody(firstScope(target))
  for (const answer of [
    await postOld(target, { body }),
    await postOld(target, { query: '?x=1' }),
    await postToken(target, { endpoint: `${onOldHost(target, target.tokenEndpoint)}/` }),
    await sendRaw(onOldHost(target, target.tokenEndpoint), {
      headers: [
        ['Authorization', basic(target.client)],
        ['Content-Type', formType],
        ['Content-Length', String(body.length)],
      ],
      body,
    }),
  ])
    assert.ok(answer.status < 300 || answer.status >= 400, `${answer.status}`)
})
