// Authorization server metadata (RFC 8414) and the published keys (RFC 7517).
import assert from 'node:assert/strict'
import { type Answer, asObject, readAnswer } from './answer.ts'
import { decodeToken } from './jwt.ts'
import { sendRaw } from './raw-request.ts'
import { requirement } from './requirement.ts'
import { type Json, need, type Target } from './target.ts'
import { basic, firstScope, formEncode, formType, getToken, postToken, requestBody } from './token-request.ts'

async function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return readAnswer(await fetch(url, { headers }))
}

/** RFC 8414 §3.1: inserted between host and path, without a trailing slash. */
function insertedUrl({ issuer }: Target): string {
  const { origin, pathname } = new URL(issuer)
  return `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`
}

// RFC 8414 §3, §3.2: 200 and application/json.
requirement(96, 'the metadata are at the address that the issuer leads to', async (target) => {
  const answer = await get(insertedUrl(target))
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json(;|$)/)
  assert.deepEqual(answer.body, target.metadata)
})
// RFC 8414 §5: older clients append.
requirement(96, 'the same metadata are where OpenID Connect looks', async (target) => {
  const answer = await get(`${target.issuer}/.well-known/openid-configuration`)
  assert.deepEqual([answer.status, answer.body], [200, target.metadata])
})

// RFC 8414 §3.3: identical, character for character.
requirement(97, 'issuer is the one asked, and iss of tokens', async (target) => {
  const { body } = await get(insertedUrl(target))
  assert.equal(body.issuer, target.issuer)
  assert.equal(decodeToken(await getToken(target)).claims.iss, target.issuer)
})

// RFC 8414 §2: https, no query, no fragment.
requirement(98, 'issuer is https (loopback excepted) without query and fragment', async ({ issuer }) => {
  const { protocol, hostname } = new URL(issuer)
  assert.ok(protocol === 'https:' || /^(127\.|localhost$|\[::1\]$)/.test(hostname), issuer)
  assert.doesNotMatch(issuer, /[?#]/)
})
const forged: readonly (readonly [string, string])[] = [
  ['Host', 'attacker.example'],
  ['X-Forwarded-Host', 'attacker.example'],
  ['X-Forwarded-Proto', 'gopher'],
  ['Forwarded', 'host=attacker.example;proto=https'],
]
requirement(98, 'no Host or forwarding header changes issuer, metadata or tokens', async (target) => {
  const metadata = await sendRaw(target.metadataUrl, { method: 'GET', headers: forged })
  if (metadata.status === 200) assert.deepEqual(metadata.body, target.metadata)
  const body = requestBody(firstScope(target))
  const headers = [
    ...forged,
    ['Authorization', basic(target.client)],
    ['Content-Type', formType],
    ['Content-Length', String(body.length)],
  ] as const
  const answer = await sendRaw(target.tokenEndpoint, { headers, body })
  if (answer.status === 200)
    assert.equal(decodeToken(String(answer.body.access_token)).claims.iss, target.issuer)
  assert.equal((metadata.text + answer.text).includes('attacker'), false)
})

// RFC 8414 §2: absent it would mean authorization_code and implicit.
requirement(99, 'grant_types_supported lists client_credentials, and only what is on', async (target) => {
  const grants = strings(target.metadata.grant_types_supported)
  assert.ok(grants.includes('client_credentials'))
  for (const grant of grants.filter((name) => name !== 'client_credentials')) {
    const { body } = await postToken(target, { body: `grant_type=${formEncode(grant)}` })
    assert.notEqual(body.error, 'unsupported_grant_type', grant)
  }
})

// RFC 8414 §2: the methods of the token endpoint.
requirement(100, 'token_endpoint_auth_methods_supported lists exactly what passes', async (target) => {
  const listed = strings(target.metadata.token_endpoint_auth_methods_supported)
  const { clientId, clientSecret } = target.client
  const inBody = `${requestBody(firstScope(target))}&client_id=${formEncode(clientId)}`
  for (const [method, post] of [
    ['client_secret_basic', {}],
    [
      'client_secret_post',
      { authorization: null, body: `${inBody}&client_secret=${formEncode(clientSecret)}` },
    ],
    ['none', { authorization: null, body: inBody }],
  ] as const) {
    const passes = (await postToken(target, post)).status === 200
    // A client may be set up for fewer methods than the server has.
    if (passes) assert.ok(listed.includes(method), `${method} passes and is not listed`)
    if (method === 'client_secret_basic') assert.ok(passes && listed.includes(method))
  }
  assert.equal(listed.includes('none'), false)
})
// RFC 8414 §2: with JWT methods their algorithms, never none.
requirement(100, 'methods with assertions name their algorithms, without none', async ({ metadata }) => {
  for (const endpoint of ['token', 'revocation', 'introspection']) {
    const methods = strings(metadata[`${endpoint}_endpoint_auth_methods_supported`])
    const algorithms = strings(metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`])
    assert.equal(
      algorithms.length > 0,
      methods.some((method) => method.endsWith('_jwt')),
      endpoint,
    )
    assert.equal(algorithms.includes('none'), false)
  }
})

// RFC 8414 §2: required. §3.2: an array without elements is left out.
requirement(101, 'response_types_supported is there; no other array is empty', async ({ metadata }) => {
  assert.ok(Array.isArray(metadata.response_types_supported))
  for (const [name, value] of Object.entries(metadata)) {
    if (name === 'response_types_supported') continue
    assert.notDeepEqual(value, [], name)
    assert.notEqual(value, null, name)
  }
})

// RFC 8414 §2: recommended; ours is whole.
requirement(102, 'scopes_supported equals the scopes page and the OpenAPI document', async (target) => {
  const supported = strings(target.metadata.scopes_supported).sort()
  assert.ok(supported.length > 0)
  const page = (await get(need(target.scopesPage, 'page of scopes'))).text
  const shown = [...page.matchAll(/<tr id="[^"]+"><td><code>([^<]+)<\/code>/g)].map((match) => match[1])
  assert.deepEqual(shown.sort(), supported)
  const { components } = (await get(need(target.openApi, 'OpenAPI document'))).body
  const { accessToken } = asObject(asObject(components).securitySchemes)
  const { clientCredentials } = asObject(asObject(accessToken).flows)
  const reserved = target.reservedScopes ?? []
  assert.deepEqual(
    Object.keys(asObject(asObject(clientCredentials).scopes)).sort(),
    [...supported, ...reserved].sort(),
  )
})

// RFC 7517 §4.2, §4.4, §4.5 and §9.2: public halves only.
requirement(104, 'each key has its own kid, use sig and alg, and no private member', async (target) => {
  const keys = keysOf(await get(target.jwksUri))
  assert.ok(keys.length > 0)
  const kids = keys.map((key) => key.kid)
  assert.ok(kids.every((kid) => typeof kid === 'string' && kid !== ''))
  assert.equal(new Set(kids).size, keys.length)
  for (const key of keys) {
    assert.equal(key.use, 'sig')
    assert.equal(typeof key.alg, 'string')
    assert.notEqual(key.kty, 'oct')
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])
      assert.equal(secret in key, false, secret)
  }
  assert.ok(kids.includes(decodeToken(await getToken(target)).header.kid))
})

// RFC 9111 §5.2.2, RFC 9110 §8.8.3.
requirement(105, 'the keys may be cached for 300 s and have an ETag', async (target) => {
  const { headers } = await get(target.jwksUri)
  assert.equal(headers.get('cache-control'), 'public, max-age=300')
  assert.match(headers.get('etag') ?? '', /^(W\/)?"[^"]+"$/)
})
// RFC 9110 §13.1.2: weak comparison, a list, or anything; §15.4.5: the 304 repeats ETag and Cache-Control.
for (const [what, ifNoneMatch] of [
  ['the ETag', (etag: string) => etag],
  ['the ETag made weak by a proxy', (etag: string) => `W/${etag.replace('W/', '')}`],
  ['a list with the ETag', (etag: string) => `"other", ${etag}`],
  ['*', () => '*'],
] as const) {
  requirement(105, `If-None-Match with ${what} gives 304`, async (target) => {
    const etag = (await get(target.jwksUri)).headers.get('etag') ?? ''
    const answer = await get(target.jwksUri, { 'if-none-match': ifNoneMatch(etag) })
    assert.deepEqual([answer.status, answer.text], [304, ''])
    assert.equal(answer.headers.get('etag'), etag)
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=300')
  })
}
requirement(105, 'If-None-Match with another ETag gives the keys', async (target) => {
  assert.equal((await get(target.jwksUri, { 'if-none-match': '"other"' })).status, 200)
})

function keysOf({ body }: Answer): Json[] {
  return Array.isArray(body.keys) ? body.keys.map(asObject) : []
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
