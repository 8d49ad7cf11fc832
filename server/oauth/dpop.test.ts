// DPoP at the token endpoint (RFC 9449 §5, §8), on both databases and on two nodes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { decodeJwt } from 'jose'
import type { App } from '../app.ts'
import { nonceWindowMs } from '../http/dpop-nonce.ts'
import { testDialects } from '../testing/database.ts'
import { type DpopKey, dpopProof, makeDpopKey, sha256 } from '../testing/dpop.ts'
import { openSecondApp } from '../testing/second-app.ts'
import { createWorld, type TestClient, tokenRequest, type World } from '../testing/world.ts'

interface Sending {
  app?: App
  client?: TestClient
  scope?: string
}

/** A token request with this proof. */
async function send(world: World, proof: string | undefined, sending: Sending = {}) {
  const { app = world.app, scope = 'document_read' } = sending
  const request = tokenRequest(
    sending.client ?? (await world.makeClient()),
    `grant_type=client_credentials&scope=${scope}`,
  )
  return app.server.inject({
    ...request,
    headers: { ...request.headers, ...(proof !== undefined && { dpop: proof }) },
  })
}

/** A proof for the token endpoint that is right in everything but the claims given. */
function proofFor(world: World, key: DpopKey, claims: Record<string, unknown> = {}): string {
  const htu = `${world.url}/oauth/connect/token`
  return dpopProof(key, { htm: 'POST', htu, iat: world.clock.now() / 1000, ...claims })
}

async function nonceOf(world: World, app?: App): Promise<string> {
  const answer = await send(world, proofFor(world, makeDpopKey()), app ? { app } : {})
  return String(answer.headers['dpop-nonce'])
}

function assertRefused(answer: LightMyRequestResponse, error: string): void {
  assert.deepEqual([answer.statusCode, answer.json().error], [400, error], answer.body)
}

for (const dialect of testDialects) {
  test(`${dialect}: a proof binds the token to its key, and opens one request on whichever node`, async () => {
    const world = await createWorld({ dialect })
    const second = dialect === 'postgres' ? await openSecondApp(world) : undefined
    const key = makeDpopKey()
    // A nonce of one node is accepted by the other: nothing is stored.
    const nonce = await nonceOf(world)
    assert.equal(await nonceOf(world, second?.app), nonce)
    const client = await world.makeClient()
    const proof = proofFor(world, key, { nonce })
    const nodes = second ? [second.app, world.app] : [world.app, world.app]
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const app = nodes[index % 2]
        return send(world, proof, { client, ...(app && { app }) })
      }),
    )
    const [passed, ...others] = answers.toSorted((a, b) => a.statusCode - b.statusCode)
    assert.equal(passed?.statusCode, 200, String(passed?.body))
    assert.equal(passed?.json().token_type, 'DPoP')
    assert.equal(passed?.headers['dpop-nonce'], nonce)
    assert.deepEqual(decodeJwt(String(passed?.json().access_token)).cnf, { jkt: key.thumbprint })
    for (const answer of others) assertRefused(answer, 'invalid_dpop_proof')
    // The same jti is another proof when another key signed it.
    const jti = 'one'
    for (const each of [key, makeDpopKey()]) {
      const answer = await send(world, proofFor(world, each, { nonce, jti }))
      assert.equal(answer.statusCode, 200, answer.body)
    }
    await second?.close()
    await world.close()
  })
}

test('a request that is refused for anything else does not use up its proof', async () => {
  const world = await createWorld()
  const client = await world.makeClient()
  const proof = proofFor(world, makeDpopKey(), { nonce: await nonceOf(world) })
  const wrongSecret = { ...client, clientSecret: 'wrong' }
  assert.equal((await send(world, proof, { client: wrongSecret })).statusCode, 401)
  assertRefused(await send(world, proof, { client, scope: 'nonsense' }), 'invalid_scope')
  assert.equal((await send(world, proof, { client })).statusCode, 200)
  await world.close()
})

test('a nonce is accepted in its window and the one after it, not later', async () => {
  const world = await createWorld()
  const key = makeDpopKey()
  const first = await nonceOf(world)
  const passes = async () => (await send(world, proofFor(world, key, { nonce: first }))).statusCode === 200
  assert.ok(await passes())
  world.clock.advance(nonceWindowMs)
  assert.ok(await passes())
  const fresh = await nonceOf(world)
  assert.notEqual(fresh, first)
  // A node whose clock is a little ahead gives it out before we do.
  world.clock.advance(-9000)
  assert.equal((await send(world, proofFor(world, key, { nonce: fresh }))).statusCode, 200)
  world.clock.advance(nonceWindowMs + 9000)
  const late = await send(world, proofFor(world, key, { nonce: first }))
  assertRefused(late, 'use_dpop_nonce')
  assert.equal(
    (await send(world, proofFor(world, key, { nonce: late.headers['dpop-nonce'] }))).statusCode,
    200,
  )
  await world.close()
})

test('htu may name a deprecated host or the origin for certificates, and no other', async () => {
  const world = await createWorld({
    settings: {
      LATCHKEY_DEPRECATED_HOSTS: 'old.example',
      LATCHKEY_DEPRECATED_SINCE: '2026-06-01',
      LATCHKEY_MTLS_URL: 'https://mtls.example',
      LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
    },
  })
  const nonce = await nonceOf(world)
  const { port } = new URL(world.url)
  for (const [origin, status] of [
    [`http://old.example:${port}`, 200],
    ['https://mtls.example', 200],
    ['https://old.example', 400],
    ['https://attacker.example', 400],
  ] as const) {
    const htu = `${origin}/oauth/connect/token`
    const answer = await send(world, proofFor(world, makeDpopKey(), { nonce, htu }))
    assert.equal(answer.statusCode, status, `${origin}: ${answer.body}`)
  }
  await world.close()
})

test('a client whose tokens are always bound gets none without a proof', async () => {
  const world = await createWorld()
  const client = await world.makeClient({ set: { dpopBound: true } })
  assertRefused(await send(world, undefined, { client }), 'invalid_dpop_proof')
  const answer = await send(world, proofFor(world, makeDpopKey(), { nonce: await nonceOf(world) }), {
    client,
  })
  assert.equal(answer.json().token_type, 'DPoP')
  await world.close()
})

test('a bound token opens our APIs with its key alone, each proof once on a node, and never by Host', async () => {
  const world = await createWorld()
  const key = makeDpopKey()
  const nonce = await nonceOf(world)
  const issued = await send(world, proofFor(world, key, { nonce }))
  const token: string = issued.json().access_token
  const htu = `${world.url}/signature/documents`
  const call = async (proof: string, scheme = 'DPoP') =>
    world.inject({
      url: '/signature/documents?limit=5',
      headers: { authorization: `${scheme} ${token}`, dpop: proof, host: 'attacker.example' },
    })
  const proof = (claims: object = {}) =>
    dpopProof(key, { htm: 'GET', htu, iat: world.clock.now() / 1000, ath: sha256(token), nonce, ...claims })
  const good = proof()
  const passed = await call(good)
  assert.deepEqual([passed.statusCode, passed.headers['dpop-nonce']], [200, nonce], passed.body)
  for (const [what, refused, error] of [
    ['again', await call(good), 'invalid_dpop_proof'],
    [
      'by the Host header',
      await call(proof({ htu: 'http://attacker.example/signature/documents' })),
      'invalid_dpop_proof',
    ],
    ['without nonce', await call(proof({ nonce: undefined })), 'use_dpop_nonce'],
    ['as a bearer token', await call(proof(), 'Bearer'), 'invalid_token'],
  ] as const) {
    assert.equal(refused.statusCode, 401, what)
    assert.match(
      String(refused.headers['www-authenticate']),
      new RegExp(`^DPoP .*algs="ES256 .*error="${error}"`),
      what,
    )
    assert.equal(refused.headers['dpop-nonce'], error === 'use_dpop_nonce' ? nonce : undefined, what)
  }
  await world.close()
})
