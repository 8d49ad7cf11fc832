// Tokens that are bound to a certificate (RFC 8705 §3), which a trusted proxy hands on (RFC 9440).
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { dpopProof, makeDpopKey } from '../testing/dpop.ts'
import { makeCertificate } from '../testing/make-certificate.ts'
import { createWorld, tokenRequest, type World } from '../testing/world.ts'

const own = makeCertificate()
const other = makeCertificate()
const thumbprint = createHash('sha256').update(own.x509.raw).digest('base64url')
const settings = { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' }

async function requestToken(world: World, headers: Record<string, string>) {
  const client = await world.makeClient({ set: { certificateBound: true } })
  const request = tokenRequest(client, 'grant_type=client_credentials&scope=document_read')
  return world.inject({ ...request, headers: { ...request.headers, ...headers } })
}

test('a client whose tokens are always bound to its certificate gets none without it', async () => {
  const world = await createWorld({ settings })
  const answer = await requestToken(world, {})
  assert.deepEqual([answer.statusCode, answer.json().error], [400, 'invalid_request'])
  await world.close()
})

test('a bound token stays a bearer token, and opens our APIs with its certificate alone', async () => {
  const world = await createWorld({ settings })
  const answer = await requestToken(world, { 'client-cert': own.header })
  const { access_token: token, token_type: type } = answer.json()
  assert.equal(type, 'Bearer')
  assert.deepEqual(decodeJwt(token).cnf, { 'x5t#S256': thumbprint })
  for (const [what, headers, status] of [
    ['its certificate', { 'client-cert': own.header }, 200],
    ['another one', { 'client-cert': other.header }, 401],
    ['none', {}, 401],
    ['no readable one', { 'client-cert': ':AAAA:' }, 400],
  ] as const) {
    const url = '/signature/documents'
    const called = await world.inject({ url, headers: { authorization: `Bearer ${token}`, ...headers } })
    assert.equal(called.statusCode, status, `${what}: ${called.body}`)
    if (status === 401)
      assert.match(String(called.headers['www-authenticate']), /^Bearer .*error="invalid_token"/)
  }
  await world.close()
})

test('a certificate from a peer that is no trusted proxy counts as none', async () => {
  const world = await createWorld({ settings: { LATCHKEY_TRUSTED_PROXIES: '10.0.0.1' } })
  const answer = await requestToken(world, { 'client-cert': own.header })
  assert.deepEqual([answer.statusCode, answer.json().error], [400, 'invalid_request'])
  await world.close()
})

test('a token may be bound to a certificate and to a DPoP key', async () => {
  const world = await createWorld({ settings })
  const key = makeDpopKey()
  const proof = (nonce?: unknown) =>
    dpopProof(key, {
      htm: 'POST',
      htu: `${world.url}/oauth/connect/token`,
      iat: world.clock.now() / 1000,
      nonce,
    })
  const headers = { 'client-cert': own.header }
  const { headers: answered } = await requestToken(world, { ...headers, dpop: proof() })
  const answer = await requestToken(world, { ...headers, dpop: proof(answered['dpop-nonce']) })
  const { access_token: token, token_type: type } = answer.json()
  assert.equal(type, 'DPoP')
  assert.deepEqual(decodeJwt(token).cnf, { jkt: key.thumbprint, 'x5t#S256': thumbprint })
  await world.close()
})
