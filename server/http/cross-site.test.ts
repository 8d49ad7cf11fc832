// What a foreign page can make the browser of a signed-in member do: nothing that changes something, nothing it can read.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { makeMember, type TestMember } from '../testing/member.ts'
import { createWorld, type World } from '../testing/world.ts'

let world: World
let member: TestMember
before(async () => {
  world = await createWorld()
  member = await makeMember(world)
})
after(() => world.close())

const countClients = async () => (await world.database.db.selectFrom('client').select('id').execute()).length

const clients = '/account/test/api-clients'

function origins(): readonly (readonly [string, string | undefined])[] {
  const { hostname, port } = new URL(world.url)
  return [
    ['another site', 'https://evil.example'],
    ['another port of this host', `http://${hostname}:${Number(port) + 1}`],
    ['https instead of http', `https://${hostname}:${port}`],
    ['a host that begins like ours', `http://${hostname}.evil.example:${port}`],
    ['a sub-domain of ours', `http://evil.${hostname}:${port}`],
    ['us and another at once', `${world.url} https://evil.example`],
    ['our address with a path', `${world.url}/`],
    ['our address in capitals', world.url.toUpperCase()],
    ['a file or a sandbox', 'null'],
    ['an empty origin', ''],
    ['nowhere', undefined],
  ]
}

test('a change with the cookie of a member comes from a page of ours, or is refused', async () => {
  for (const [name, origin] of origins()) {
    const before = await countClients()
    const answer = await world.inject({
      method: 'POST',
      url: clients,
      headers: { cookie: member.headers.cookie, ...(origin !== undefined && { origin }) },
      payload: { name: 'Forged' },
    })
    assert.equal(answer.statusCode, 403, name)
    assert.match(answer.json().type, /foreign_origin$/, name)
    assert.equal(await countClients(), before, name)
  }
})

test('the same holds for signing up, in and out: nobody is signed in to an account of somebody else', async () => {
  const body = { email: 'a@b.example', password: 'correct horse battery', company: 'B' }
  for (const path of ['sign-up', 'sign-in', 'sign-out', 'password-reset', 'sign-out-everywhere'])
    for (const [name, origin] of origins()) {
      const answer = await world.inject({
        method: 'POST',
        url: `/account/${path}`,
        headers: { cookie: member.headers.cookie, ...(origin !== undefined && { origin }) },
        payload: body,
      })
      assert.equal(answer.statusCode, 403, `${path} from ${name}`)
      assert.equal(answer.headers['set-cookie'], undefined)
    }
})

for (const [what, request] of [
  ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'name=Forged' }],
  ['plain text', { headers: { 'content-type': 'text/plain' }, payload: '{"name":"Forged"}' }],
  ['a multipart form', { headers: { 'content-type': 'multipart/form-data; boundary=x' }, payload: '--x--' }],
  ['no type', { headers: {}, payload: '{"name":"Forged"}' }],
] as const)
  test(`a change as ${what}, which browsers send without asking, is refused even from our own page`, async () => {
    const before = await countClients()
    const headers = { ...member.headers, ...request.headers }
    const answer = await world.inject({ method: 'POST', url: clients, headers, payload: request.payload })
    assert.ok([400, 415].includes(answer.statusCode), answer.body)
    assert.equal(await countClients(), before)
  })

test('no header makes a GET a change', async () => {
  const before = await countClients()
  for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override', '_method'])
    await world.inject({ url: clients, headers: { ...member.headers, [name]: 'POST' } })
  await world.inject({ url: `${clients}?_method=POST&name=Forged`, headers: member.headers })
  assert.equal(await countClients(), before)
})

test('what a member reads cannot be read by another site, nor kept by anybody on the way', async () => {
  for (const origin of ['https://evil.example', 'null']) {
    const request: InjectOptions = {
      url: '/account/session',
      headers: { cookie: member.headers.cookie, origin },
    }
    const answer = await world.inject(request)
    assert.equal(answer.headers['access-control-allow-origin'], undefined)
    assert.equal(answer.headers['access-control-allow-credentials'], undefined)
    assert.match(String(answer.headers['cache-control']), /no-store/)
    const preflight = await world.inject({
      method: 'OPTIONS',
      url: clients,
      headers: { origin, 'access-control-request-method': 'POST' },
    })
    assert.equal(preflight.headers['access-control-allow-origin'], undefined)
  }
})

test('whatever a foreign page makes the browser load of an account, no page of another origin gets it', async () => {
  const { cookie } = member.headers
  const addresses = ['', '/session', '/members', '/sessions', '/audit', '/production-checklist'].concat(
    ['api-clients', 'documents', 'events', 'activity', 'reuse'].map((path) => `/test/${path}`),
  )
  for (const [site, wanted] of [
    [{ cookie }, 200],
    // What it can find out is not even whether somebody is signed in.
    [{ cookie: `${cookie}x` }, 401],
  ] as const)
    for (const path of addresses) {
      const headers = { ...site, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }
      const answer = await world.inject({ url: `/account${path}`, headers })
      assert.equal(answer.statusCode, wanted, `${path}: ${answer.body}`)
      assert.deepEqual(
        ['cross-origin-resource-policy', 'cache-control', 'x-content-type-options'].map(
          (name) => answer.headers[name],
        ),
        ['same-origin', 'no-store', 'nosniff'],
        path,
      )
      assert.match(String(answer.headers['content-type']), /json/)
    }
})

test('no page of ours can be put into a frame of another', async () => {
  const pages = ['/', '/docs', '/docs/api', '/docs/scopes', '/docs/errors', '/docs/errors/invalid_client']
  const dashboard = [
    '/sign-in',
    '/sign-up',
    '/reset-password',
    '/confirm',
    '/invitation',
    '/set-up',
    '/device',
  ].concat(['/test', '/test/account/api-clients', '/production', '/operator', '/operator/signing-keys'])
  for (const url of [...pages, ...dashboard])
    for (const headers of [{}, { cookie: member.headers.cookie }]) {
      const answer = await world.inject({ url, headers })
      assert.equal(answer.statusCode, 200, url)
      assert.match(String(answer.headers['content-security-policy']), /frame-ancestors 'none'/, url)
      assert.match(String(answer.headers['x-frame-options']), /^(DENY|SAMEORIGIN)$/, url)
      assert.equal(answer.headers['referrer-policy'], 'no-referrer', url)
      assert.equal(answer.headers['cross-origin-opener-policy'], 'same-origin', url)
    }
})

test('the cookie of a member opens none of the guarded APIs, and beside a token it plays no part there', async () => {
  const { cookie } = member.headers
  const alone = await world.inject({ url: '/signature/documents', headers: { cookie } })
  assert.equal(alone.statusCode, 401)
  const token = await world.token(['document_read'])
  const headers = { cookie, authorization: `Bearer ${token}` }
  assert.equal((await world.inject({ url: '/signature/documents', headers })).statusCode, 200)
  assert.equal((await world.inject({ url: '/account', headers })).statusCode, 400)
})
