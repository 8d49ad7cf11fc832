// What the documentation shows a member of his own account, and nobody else.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeMember, type TestMember } from '../../testing/member.ts'
import { basic, createWorld, type TestClient, type World } from '../../testing/world.ts'

let world: World
let client: TestClient
let member: TestMember
let stranger: TestMember

before(async () => {
  world = await createWorld()
  client = await world.makeClient({ scopes: ['document_read', 'event'] })
  member = await makeMember(world)
  await world.makeClient({ accountId: 'globex' })
  stranger = await makeMember(world, { accountId: 'globex' })
})
after(() => world.close())

const read = (url: string, who?: TestMember) =>
  world.inject({ url, headers: { accept: 'text/html', ...(who && { cookie: who.headers.cookie }) } })

test('examples are filled with the id of the member’s own client, and never with a secret', async () => {
  const mine = await read('/docs/connect', member)
  assert.ok(mine.body.includes(`&quot;${client.clientId}:$LATCHKEY_CLIENT_SECRET&quot;`))
  assert.ok(!mine.body.includes(client.clientSecret))
  assert.equal(mine.headers['cache-control'], 'private, no-store')
  const anybody = await read('/docs/connect')
  assert.ok(anybody.body.includes('$LATCHKEY_CLIENT_ID:$LATCHKEY_CLIENT_SECRET'))
  assert.ok(!(await read('/docs/connect', stranger)).body.includes(client.clientId))
})

test('the scopes page ticks what a client has and leads to the box for what it lacks', async () => {
  const { body } = await read('/docs/scopes', member)
  const rows = body.match(/<tr id="(?:\w+)">.*?<\/tr>/gs) ?? []
  const row = (scope: string) => rows.find((text) => text.startsWith(`<tr id="${scope}">`)) ?? ''
  for (const scope of ['document_read', 'event']) assert.match(row(scope), /✓ has it/)
  const address = `/test/account/api-clients/${client.clientId}/edit?advanced=1&amp;scope=document_write#scopes`
  assert.ok(row('document_write').includes(`<a href="${address}">Add document_write</a>`))
  const signedOut = (await read('/docs/scopes')).body
  assert.doesNotMatch(signedOut, /has it|<select/)
  assert.match(signedOut, /<a href="\/sign-in">Sign in<\/a> to tick/)
})

test('a client of another account is not shown, whatever the address asks for', async () => {
  const { body } = await read(`/docs/scopes?client=${client.clientId}`, stranger)
  assert.ok(!body.includes(client.clientId))
})

test('the scopes page is filtered by text, both ways', async () => {
  const operations = async (q: string) => {
    const { body } = await read(`/docs/scopes?q=${encodeURIComponent(q)}`)
    return [...body.matchAll(/<tr><td class="operations"><code>([^<]*)/g)].map(([, text]) => text)
  }
  assert.deepEqual(await operations('event'), ['GET /notification/events'])
  assert.deepEqual(await operations('post /sig'), ['POST /signature/documents'])
  const { body } = await read(`/docs/scopes?q=${encodeURIComponent('"><script>')}`)
  assert.match(body, /No scope and no operation matches <strong>&quot;&gt;&lt;script&gt;<\/strong>/)
})

test('the page of an error shows a failed request to members of its account alone', async () => {
  const refused = await world.inject({
    method: 'POST',
    url: '/oauth/connect/token',
    headers: { authorization: basic(client), 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'grant_type=client_credentials&scope=document_write',
  })
  assert.equal(refused.json().error, 'invalid_scope')
  const called = await world.inject({
    url: '/identification/sessions',
    headers: { authorization: `Bearer ${await world.token(['document_read'], client)}` },
  })
  await world.app.recorder.flush()
  for (const [code, requestId] of [
    ['invalid_scope', String(refused.headers['request-id'])],
    ['insufficient_scope', String(called.headers['request-id'])],
  ] as const) {
    const url = `/docs/errors/${code}?request=${requestId}`
    const mine = (await read(url, member)).body
    assert.ok(mine.includes('Your request') && mine.includes(requestId), code)
    assert.match(mine, /Mend it on the client/)
    const without = (await read(`/docs/errors/${code}`)).body
    assert.equal((await read(url)).body, without, 'a stranger sees the page as without')
    const foreign = (await read(url, stranger)).body
    assert.equal(foreign, (await read(`/docs/errors/${code}`, stranger)).body)
    assert.ok(!(await read(`/docs/errors/gone?request=${requestId}`, member)).body.includes('Your request'))
  }
  // The instance of a problem is that page (RFC 9457 §3.1.5).
  assert.equal(called.json().instance, `${called.json().type}?request=${called.json().requestId}`)
})
