// Tokens that are bound to a key, against the real server: nonces and all.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, beforeEach, test } from 'node:test'
import axios from 'axios'
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader } from 'jose'
import { Agent, request } from 'undici'
import { createWorld } from '../../server/testing/world.ts'
import { latchkeyAdapter } from '../adapters/axios.ts'
import { latchkeyInterceptor } from '../adapters/undici.ts'
import { createClientOn } from '../create-client.ts'
import type { ClientOptions } from '../settings/options.ts'
import { startFaultProxy, tokenPath } from '../testing/fault-proxy.ts'
import { createMachine } from '../testing/machine.ts'
import { createDpopKey } from './dpop-key.ts'

// The proxy has the public address of the server: proofs are for the address that is called.
const front = await startFaultProxy('http://127.0.0.1:1')
const world = await createWorld({ settings: { LATCHKEY_PUBLIC_URL: front.url } })
await world.app.server.listen({ host: '127.0.0.1', port: world.config.port })
front.passTo(`http://127.0.0.1:${world.config.port}`)
beforeEach(() => front.reset())
after(async () => {
  await front.close()
  await world.close()
})

async function client(options: ClientOptions = {}) {
  const { clientId, clientSecret } = await world.makeClient({ set: { dpopBound: true } })
  const machine = createMachine()
  machine.shiftWall(world.clock.now() - machine.now())
  const scopes = ['document_read', 'identify']
  const settings = { url: front.url, clientId, clientSecret, scopes, dpop: createDpopKey(), ...options }
  return { api: createClientOn(machine, settings), machine, settings }
}

for (const algorithm of ['ES256', 'Ed25519', 'RS256', 'PS256'] as const) {
  test(`a token bound to a new key for ${algorithm} is got and used, with one round for the nonce`, async () => {
    const { api } = await client({ dpop: createDpopKey({ algorithm }) })
    for (let call = 0; call < 3; call += 1)
      assert.equal((await api.fetch('/signature/documents?limit=1')).status, 200)
    // The nonce of the token endpoint is good for the API too: it is the same server.
    assert.deepEqual([front.tokenRequests(), front.apiCalls()], [2, 3])
  })
}

test('the proof is for this call: method, address without query, token, nonce, and never used twice', async () => {
  const key = createDpopKey()
  const { api } = await client({ dpop: key })
  await api.fetch('/identification/sessions?a=b#c', {
    method: 'post',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  })
  const call = front.seen.at(-1)
  const token = call?.headers.authorization?.replace(/^DPoP /, '') ?? ''
  const proofs = front.seen.map(({ headers }) => String(headers.dpop))
  const { typ, jwk, alg } = decodeProtectedHeader(proofs.at(-1) ?? '')
  const { jti, iat, nonce, ...claims } = decodeJwt(proofs.at(-1) ?? '')
  assert.deepEqual([typ, alg, Object.keys(jwk ?? {}).sort()], ['dpop+jwt', 'ES256', ['crv', 'kty', 'x', 'y']])
  assert.deepEqual(claims, {
    htm: 'POST',
    htu: `${front.url}/identification/sessions`,
    ath: createHash('sha256').update(token).digest('base64url'),
  })
  assert.equal(iat, Math.floor(world.clock.now() / 1000))
  assert.ok(typeof nonce === 'string')
  assert.equal(new Set(proofs.map((proof) => decodeJwt(proof).jti)).size, proofs.length)
  assert.equal(await calculateJwkThumbprint(jwk ?? {}), await key.thumbprint())
  assert.deepEqual(decodeJwt(token).cnf, { jkt: await key.thumbprint() })
})

test('a nonce that is too old by now costs the call one more round, and no token', async () => {
  const { api, machine } = await client()
  await api.fetch('/signature/documents')
  const ms = 11 * 60_000
  world.clock.advance(ms)
  machine.advance(ms)
  front.reset()
  assert.equal((await api.fetch('/signature/documents')).status, 200)
  assert.deepEqual([front.tokenRequests(), front.apiCalls()], [0, 2])
})

test('a server that asks for a nonce for ever is asked twice', async () => {
  const { api } = await client()
  const headers = { 'dpop-nonce': 'again', 'www-authenticate': 'DPoP error="use_dpop_nonce"' }
  const body = JSON.stringify({ error: 'use_dpop_nonce' })
  front.fault = ({ path }) => (path === tokenPath ? undefined : { answer: { status: 401, headers } })
  assert.equal((await api.fetch('/signature/documents')).status, 401)
  assert.equal(front.apiCalls(), 2)
  front.reset()
  front.fault = () => ({ answer: { status: 400, headers, body } })
  const { api: other } = await client()
  await assert.rejects(other.token(), { error: 'use_dpop_nonce' })
  assert.equal(front.tokenRequests(), 2)
})

test('a bound token that died early is renewed, nonce included', async () => {
  const { api, machine } = await client()
  await api.fetch('/signature/documents')
  const hours = 2 * 3_600_000
  world.clock.advance(hours)
  // The wall clock goes with the server's, for the proofs; the token looks as good as new.
  machine.shiftWall(hours)
  machine.now = world.clock.now
  assert.equal((await api.fetch('/signature/documents')).status, 200)
})

test('axios and undici send proofs too, and the nonce that is asked for', async () => {
  const { api } = await client()
  const address = `${front.url}/identification/sessions`
  const http = axios.create({ adapter: latchkeyAdapter(api, axios) })
  assert.equal((await http.post(address, {}, { params: { a: 1 } })).status, 201)
  const agent = new Agent()
  const dispatcher = agent.compose(latchkeyInterceptor(api))
  assert.equal((await request(`${address}?limit=1`, { dispatcher })).statusCode, 200)
  const headers = { 'dpop-nonce': 'new', 'www-authenticate': 'DPoP error="use_dpop_nonce"' }
  for (const send of [() => http.get(address), () => request(address, { dispatcher })]) {
    front.reset()
    front.fault = () => (front.apiCalls() === 1 ? { answer: { status: 401, headers } } : undefined)
    await send().catch(() => undefined)
    const nonces = front.seen.map((seen) => decodeJwt(String(seen.headers.dpop)).nonce)
    assert.equal(nonces[1], 'new')
    await api.fetch(address)
  }
  await agent.destroy()
})

test('the key is part of what a token depends on', async () => {
  const { api, machine, settings } = await client()
  const token = await api.token()
  assert.equal(await createClientOn(machine, settings).token(), token)
  assert.notEqual(await createClientOn(machine, { ...settings, dpop: createDpopKey() }).token(), token)
})

test('a token that is not bound, although it was asked for, is discarded (RFC 9449 §5)', async () => {
  const { api } = await client()
  front.fault = () => ({ change: (body) => body.replace('"DPoP"', '"Bearer"') })
  await assert.rejects(api.token(), { name: 'TokenRequestError', message: /no token of the type/ })
})

test('a key of your own may be a JWK', async () => {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])
  const key = await crypto.subtle.exportKey('jwk', pair.privateKey)
  const { api } = await client({ dpop: createDpopKey({ key }) })
  assert.equal((await api.fetch('/signature/documents')).status, 200)
  await assert.rejects(
    createDpopKey({
      key: (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])).privateKey,
    }).thumbprint(),
    {
      message: /cannot be exported/,
    },
  )
})
