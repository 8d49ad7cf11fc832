// Authentication by a key, against the real server.
import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { after, test } from 'node:test'
import { type AssertionKey, makeAssertionKey } from '../../server/testing/assertions.ts'
import { createWorld } from '../../server/testing/world.ts'
import { createClientOn } from '../create-client.ts'
import { startFaultProxy } from '../testing/fault-proxy.ts'
import { createMachine } from '../testing/machine.ts'
import { readPrivateKey } from './private-key.ts'
import { type PrivateKeyJwtOptions, privateKeyJwt } from './private-key-jwt.ts'

const world = await createWorld()
const url = await world.listen()
const proxy = await startFaultProxy(url)
after(async () => {
  await proxy.close()
  await world.close()
})

async function client(key: AssertionKey, options: PrivateKeyJwtOptions, more: object = {}) {
  const { clientId } = await world.makeClient({
    set: { authenticationMethods: ['private_key_jwt'], jwks: { keys: [key.jwk] } },
  })
  const machine = createMachine()
  machine.shiftWall(world.clock.now() - machine.now())
  const authentication = privateKeyJwt({ audience: `${url}/oauth`, ...options })
  const settings = { url: proxy.url, clientId, scopes: ['document_read'], authentication, ...more }
  return { api: createClientOn(machine, settings), machine, settings }
}

const pem = (key: AssertionKey) => key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
const jwk = (key: AssertionKey): JsonWebKey => ({ ...key.privateKey.export({ format: 'jwk' }) })

for (const algorithm of ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256'] as const) {
  for (const [form, read] of [
    ['PEM', pem],
    ['a JWK', jwk],
  ] as const) {
    test(`a client with a key for ${algorithm} in ${form} gets and uses a token`, async () => {
      const key = makeAssertionKey(algorithm)
      const { api } = await client(key, { key: read(key), algorithm })
      assert.equal((await api.fetch('/signature/documents')).status, 200)
    })
  }
}

test('the assertion: issued 10 s ago, for 60 s, for the issuer alone, new for each try', async () => {
  const key = makeAssertionKey('ES256', 'key-1')
  const { api, machine, settings } = await client(key, { key: { ...jwk(key), kid: 'key-1' } })
  proxy.reset()
  const faults = [{ answer: { status: 503 } }]
  proxy.fault = () => faults.shift()
  const nowSeconds = Math.floor(machine.now() / 1000)
  await api.token()
  const [first, second] = proxy.seen.map(({ body }) =>
    decode(new URLSearchParams(body).get('client_assertion')),
  )
  assert.deepEqual(first?.header, { alg: 'ES256', typ: 'client-authentication+jwt', kid: 'key-1' })
  const { jti, ...claims } = first?.claims ?? {}
  assert.deepEqual(claims, {
    iss: settings.clientId,
    sub: settings.clientId,
    aud: `${url}/oauth`,
    iat: nowSeconds - 10,
    exp: nowSeconds + 50,
  })
  assert.ok(jti && jti !== second?.claims.jti)
})

for (const skewSeconds of [-40, 60]) {
  test(`a clock that is ${skewSeconds} s off does not matter`, async () => {
    const key = makeAssertionKey()
    const { api, machine } = await client(key, { key: pem(key) })
    machine.shiftWall(skewSeconds * 1000)
    assert.match(await api.token(), /^eyJ/)
  })
}

test('a key that was exchanged meanwhile is read again', async () => {
  const key = makeAssertionKey()
  const keys = [pem(makeAssertionKey()), pem(key)]
  const { api } = await client(key, { key: () => keys.shift() ?? '' })
  assert.match(await api.token(), /^eyJ/)
})

test('a key of WebCrypto that cannot be exported works; a store is not used with it', async () => {
  const key = makeAssertionKey('EdDSA')
  const ready = await crypto.subtle.importKey('jwk', jwk(key), 'Ed25519', false, ['sign'])
  const warnings: string[] = []
  const store = { get: assert.fail, set: assert.fail, delete: assert.fail, lock: assert.fail }
  const onWarning = (message: string) => warnings.push(message)
  const { api } = await client(key, { key: ready }, { store, onWarning })
  assert.match(await api.token(), /^eyJ/)
  assert.match(warnings.join(), /cannot be exported/)
})

const rsa = makeAssertionKey('RS256')
for (const [name, key] of [
  ['a public key', makeAssertionKey().jwk],
  ['a word', 'secret-canary'],
  ['a key of another curve', { kty: 'EC', crv: 'P-384', d: 'secret-canary' }],
  ['broken PEM', '-----BEGIN PRIVATE KEY-----\nc2VjcmV0LWNhbmFyeQ==\n-----END PRIVATE KEY-----'],
  ['PEM of another form', createPrivateKey(pem(rsa)).export({ format: 'pem', type: 'pkcs1' }).toString()],
] as const) {
  test(`${name} is refused, and not repeated`, async () => {
    const { api } = await client(rsa, { key })
    await assert.rejects(api.token(), (error: Error) => {
      assert.equal(error.name, 'LatchkeyError')
      assert.match(error.message, /no private key for .* PKCS#8/)
      assert.doesNotMatch(error.message, /canary/)
      return true
    })
  })
}

test('a secret beside the key is refused: one of them would be ignored', async () => {
  await assert.rejects(client(rsa, { key: pem(rsa) }, { clientSecret: 'own' }), { name: 'SettingsError' })
})

function decode(jwt: string | null) {
  const [header, claims] = (jwt ?? '').split('.').map((part) => Buffer.from(part, 'base64url').toString())
  return { header: JSON.parse(header ?? ''), claims: JSON.parse(claims ?? '') }
}

const ecdsa = (namedCurve: string) => ({ name: 'ECDSA', namedCurve })
const rsaKind = (name: string, hash: string) => ({
  ...{ name, hash, modulusLength: 2048 },
  publicExponent: new Uint8Array([1, 0, 1]),
})

for (const [what, kind, algorithm] of [
  ['P-384', ecdsa('P-384'), 'ES256'],
  ['RSA with SHA-512', rsaKind('RSASSA-PKCS1-v1_5', 'SHA-512'), 'RS256'],
  ['RSA-PSS with SHA-384', rsaKind('RSA-PSS', 'SHA-384'), 'PS256'],
] as const)
  test(`a CryptoKey of ${what} does not sign under the name of ${algorithm}`, async () => {
    const { privateKey } = await crypto.subtle.generateKey(kind, false, ['sign', 'verify'])
    await assert.rejects(readPrivateKey(privateKey, algorithm), { name: 'LatchkeyError' })
    await assert.rejects(readPrivateKey(privateKey), { name: 'LatchkeyError' })
  })

for (const [kind, algorithm] of [
  [ecdsa('P-256'), 'ES256'],
  [rsaKind('RSASSA-PKCS1-v1_5', 'SHA-256'), 'RS256'],
  [rsaKind('RSA-PSS', 'SHA-256'), 'PS256'],
  [{ name: 'Ed25519' }, 'EdDSA'],
] as const)
  test(`a CryptoKey for ${algorithm} is known by its kind`, async () => {
    const pair = await crypto.subtle.generateKey(kind, false, ['sign', 'verify'])
    assert.ok('privateKey' in pair)
    assert.equal((await readPrivateKey(pair.privateKey)).algorithm, algorithm)
  })
