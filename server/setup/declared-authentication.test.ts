import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, test } from 'node:test'
import { findClient } from '../clients/store.ts'
import { assertionClaims, assertionForm, makeAssertionKey } from '../testing/assertions.ts'
import { testDialects } from '../testing/database.ts'
import { makeCertificate } from '../testing/make-certificate.ts'
import { createWorld, type World } from '../testing/world.ts'
import { applySetup } from './apply.ts'
import { parseDeclaredSetup, SetupError } from './declared-setup.ts'

const key = makeAssertionKey('ES256', 'one')
const authority = makeCertificate({ isAuthority: true, subject: [{ CN: 'Authority' }] })
const leaf = makeCertificate({ issuer: authority })
const secrets = [{ name: 'first', secret: 'a'.repeat(43) }]
const tlsClientAuth = { kind: 'san_dns', value: 'orders.acme.example', authorities: authority.pem }

const clientId = 'test-acme-1'
const declare = (members: object) => ({
  accounts: [
    {
      id: 'acme',
      name: 'Acme',
      clients: [{ clientId, environment: 'test', name: 'Acme test', scopes: ['document_read'], ...members }],
    },
  ],
})

async function apply(world: World, members: object): Promise<void> {
  const context = { pepper: world.app.pepper, nowMs: world.clock.now(), newId: world.newId }
  await applySetup(world.database.db, parseDeclaredSetup(JSON.stringify(declare(members))), context)
}

const stored = (world: World) => findClient(world.database.db, clientId)

for (const dialect of testDialects) {
  test(`${dialect}: what is declared holds, running it again changes nothing, and what is left out stays`, async () => {
    const world = await createWorld({ dialect })
    const declared = {
      authenticationMethods: ['private_key_jwt', 'tls_client_auth'],
      jwks: { keys: [key.jwk] },
      tlsClientAuth,
      dpopBoundAccessTokens: true,
      certificateBoundAccessTokens: true,
      legacyAudienceUntil: '2027-01-31',
    }
    await apply(world, declared)
    const client = await stored(world)
    assert.deepEqual(client?.authenticationMethods, ['private_key_jwt', 'tls_client_auth'])
    assert.deepEqual(
      [client.jwks, client.jwksUri, client.tlsClientAuth],
      [declared.jwks, null, tlsClientAuth],
    )
    assert.deepEqual([client.dpopBound, client.certificateBound], [true, true])
    assert.equal(client.legacyAudienceUntil, Date.UTC(2027, 0, 31))
    const rows = () => world.database.db.selectFrom('client').selectAll().execute()
    const before = await rows()
    world.clock.advance(60_000)
    await apply(world, declared)
    await apply(world, {})
    assert.deepEqual(await rows(), before)
    await world.close()
  })
}

test('a client moves from secret to key by one line, and its token request follows', async () => {
  const world = await createWorld()
  await apply(world, { secrets })
  await apply(world, { authenticationMethods: ['private_key_jwt'], jwks: { keys: [key.jwk] } })
  const claims = assertionClaims(clientId, `${world.url}/oauth`, world.clock.now())
  const answer = await world.inject({
    method: 'POST',
    url: '/oauth/connect/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: assertionForm(key.sign({}, claims)),
  })
  assert.equal(answer.statusCode, 200, answer.body)
  await world.close()
})

test('naming an address ends registered keys, and the other way round', async () => {
  const world = await createWorld()
  const methods = { authenticationMethods: ['private_key_jwt'] }
  const jwksUri = 'https://acme.example/jwks'
  await apply(world, { ...methods, jwks: { keys: [key.jwk] } })
  await apply(world, { jwksUri })
  let client = await stored(world)
  assert.deepEqual([client?.jwks, client?.jwksUri], [null, jwksUri])
  await apply(world, { jwks: { keys: [key.jwk] } })
  client = await stored(world)
  assert.deepEqual([client?.jwks, client?.jwksUri], [{ keys: [key.jwk] }, null])
  await world.close()
})

const rsa1024 = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })
const secp384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' })
const canary = key.privateKey.export({ format: 'jwk' })
const jwt = (keys: readonly unknown[]) => ({ authenticationMethods: ['private_key_jwt'], jwks: { keys } })
const tls = (members: object) => ({
  authenticationMethods: ['tls_client_auth'],
  tlsClientAuth: { ...tlsClientAuth, ...members },
})

const refusing = createWorld()
after(async () => (await refusing).close())

// RFC 6749 §4.4, RFC 7591 §2, RFC 8705 §2.1.2.
for (const [what, members, pattern] of [
  ['no credential at all', {}, /client_secret_basic needs a secret\. Add one to secrets/],
  ['a method without its secret', { authenticationMethods: ['client_secret_post'] }, /needs a secret/],
  ['a method without its key', { authenticationMethods: ['private_key_jwt'], secrets }, /needs a public key/],
  ['a private key', jwt([canary]), /jwks: key 1: it has members of a private key/],
  ['a symmetric key', jwt([{ kty: 'oct', k: 'canary' }]), /jwks: key 1: it has members of a private key/],
  ['a short RSA key', jwt([rsa1024]), /jwks: key 1: it fits none of ES256.*RSA from 2048 bits/],
  ['a key of another curve', jwt([secp384]), /jwks: key 1: it fits none of/],
  ['a key for encryption', jwt([{ ...key.jwk, use: 'enc' }]), /jwks: key 1: its use is not sig/],
  ['a key that is none', jwt([{ kty: 'EC' }]), /jwks: key 1: it is no public key/],
  ['no keys', jwt([]), /jwks\.keys: must NOT have fewer than 1 items/],
  ['a broken certificate', jwt([{ ...key.jwk, x5c: ['AAAA'] }]), /jwks: key 1: its x5c holds no certificate/],
  ['keys twice', { ...jwt([key.jwk]), jwksUri: 'https://a.example/k' }, /jwks and jwksUri are both set/],
  ['an address without TLS', { secrets, jwksUri: 'http://a.example/k' }, /jwksUri: must match pattern/],
  ['an address with a password', { secrets, jwksUri: 'https://a:b@a.example/' }, /jwksUri: must match/],
  [
    'an unknown method',
    { secrets, authenticationMethods: ['none'] },
    /authenticationMethods\.0: must be equal/,
  ],
  ['no method', { secrets, authenticationMethods: [] }, /authenticationMethods: must NOT have fewer/],
  [
    'no name of its certificate',
    { authenticationMethods: ['tls_client_auth'] },
    /needs the name of its certificate/,
  ],
  ['authorities that are none', tls({ authorities: 'x' }), /tlsClientAuth\.authorities: it is no list/],
  ['a leaf as authority', tls({ authorities: leaf.pem }), /tlsClientAuth\.authorities: it is no list/],
  [
    'a broken subject',
    tls({ kind: 'subject_dn', value: 'orders' }),
    /value: it is no name of the kind subject_dn/,
  ],
  ['a broken address', tls({ kind: 'san_ip', value: '1.2.3' }), /value: it is no name of the kind san_ip/],
  [
    'no certificate in its keys',
    { authenticationMethods: ['self_signed_tls_client_auth'], jwks: { keys: [key.jwk] } },
    /self_signed_tls_client_auth needs its certificate/,
  ],
  ['a date that does not exist', { secrets, legacyAudienceUntil: '2027-02-31' }, /there is no such date/],
] as const) {
  test(`a client with ${what} is refused, and nothing is changed`, async () => {
    const world = await refusing
    await assert.rejects(apply(world, members), (error) => {
      assert.ok(error instanceof SetupError)
      assert.match(error.message, pattern)
      assert.equal(error.message.includes(String(canary.d)) || error.message.includes('canary'), false)
      return true
    })
    assert.equal(await stored(world), undefined)
  })
}
