// Certificates as client authentication: RFC 8705.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDistinguishedName } from '../../clients/certificate-name.ts'
import type { ClientFacts } from '../../clients/store.ts'
import {
  type CertificateWish,
  makeCertificate,
  type TestCertificate,
} from '../../testing/make-certificate.ts'
import { basic, createWorld, testStart, type World } from '../../testing/world.ts'

const proxy = '192.0.2.10'
const settings = { LATCHKEY_TRUSTED_PROXIES: proxy, LATCHKEY_MTLS_URL: 'https://mtls.api.example' }
const authority = makeCertificate({ isAuthority: true, subject: [{ CN: 'Authority' }] })
const otherAuthority = makeCertificate({ isAuthority: true, subject: [{ CN: 'Other' }] })
const form = 'grant_type=client_credentials&scope=document_read'
const dayMs = 86_400_000

interface Sent {
  remoteAddress?: string
  headers?: Record<string, string>
  payload?: string
}

function send(world: World, clientId: string, certificate: TestCertificate | undefined, sent: Sent = {}) {
  return world.inject({
    method: 'POST',
    url: '/oauth/connect/token',
    remoteAddress: sent.remoteAddress ?? proxy,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(certificate && { 'client-cert': certificate.header }),
      ...sent.headers,
    },
    payload: sent.payload ?? `${form}&client_id=${clientId}`,
  })
}

const byName = (kind: 'subject_dn' | 'san_dns' | 'san_uri' | 'san_ip' | 'san_email', value: string) => ({
  authenticationMethods: ['tls_client_auth' as const],
  tlsClientAuth: { kind, value, authorities: authority.pem },
})

const subject = [{ C: 'NO' }, { O: 'Acme, Inc.' }, { OU: 'a', CN: 'x' }, { CN: 'orders' }]
const names = [
  'DNS:orders.acme.example',
  'URI:https://acme.example/a,b',
  'IP:192.0.2.7',
  'email:orders@acme.example',
  'DNS:evil, DNS:injected.example',
]

// RFC 8705 §2.1.2: the subject, or one name of exactly one kind.
test('the registered name must be in the certificate, whole and of its kind', async () => {
  const world = await createWorld({ settings })
  const certificate = makeCertificate({ issuer: authority, subject, names })
  for (const [kind, value, status] of [
    ['subject_dn', 'CN=orders,OU=a+CN=x,O=Acme\\, Inc.,C=NO', 200],
    ['subject_dn', 'cn=orders, CN=x + ou=a, O=Acme\\2C Inc., c=NO', 200],
    ['subject_dn', 'C=NO,O=Acme\\, Inc.,OU=a+CN=x,CN=orders', 401],
    ['subject_dn', 'CN=orders', 401],
    ['subject_dn', 'CN=Orders,OU=a+CN=x,O=Acme\\, Inc.,C=NO', 401],
    ['subject_dn', 'CN=orders,OU=a,CN=x,O=Acme\\, Inc.,C=NO', 401],
    ['san_dns', 'orders.acme.example', 200],
    ['san_dns', 'ORDERS.acme.example', 200],
    ['san_dns', '*.acme.example', 401],
    ['san_dns', 'injected.example', 401],
    ['san_dns', 'acme.example', 401],
    ['san_dns', 'orders@acme.example', 401],
    ['san_uri', 'https://acme.example/a,b', 200],
    ['san_uri', 'https://acme.example/a', 401],
    ['san_ip', '192.0.2.7', 200],
    ['san_ip', '192.0.2.8', 401],
    ['san_email', 'orders@acme.example', 200],
    ['san_email', 'orders.acme.example', 401],
  ] as const) {
    const { clientId } = await world.makeClient({ set: byName(kind, value) })
    const answer = await send(world, clientId, certificate)
    assert.equal(answer.statusCode, status, `${kind} ${value}: ${answer.body}`)
  }
  await world.close()
})

// RFC 5280 §6.1: who issued it, and whether it is valid now.
test('only a valid certificate of a registered authority authenticates', async () => {
  const world = await createWorld({ settings })
  const { clientId } = await world.makeClient({ set: byName('subject_dn', 'CN=orders,O=Acme') })
  const leaf = makeCertificate({ issuer: authority })
  const lookalike = makeCertificate({ isAuthority: true, subject: [{ CN: 'Authority' }] })
  const table: readonly (readonly [string, CertificateWish, number])[] = [
    ['issued by it', {}, 200],
    ['for clients', { usages: ['1.3.6.1.5.5.7.3.2'] }, 200],
    ['for servers and clients', { usages: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'] }, 200],
    ['valid until a second from now', { validTo: testStart + 1000 }, 200],
    ['for servers only', { usages: ['1.3.6.1.5.5.7.3.1'] }, 401],
    ['expired a second ago', { validTo: testStart - 1000 }, 401],
    ['valid from tomorrow', { validFrom: testStart + dayMs }, 401],
    ['issued by another authority', { issuer: otherAuthority }, 401],
    ['issued by another of the same name', { issuer: lookalike }, 401],
    ['naming it as issuer, signed by another', { issuer: authority, signingKey: otherAuthority.key }, 401],
    ['issued by a leaf of it', { issuer: leaf }, 401],
  ]
  for (const [what, wish, status] of table) {
    const answer = await send(world, clientId, makeCertificate({ issuer: authority, ...wish }))
    assert.equal(answer.statusCode, status, what)
  }
  assert.equal((await send(world, clientId, makeCertificate())).statusCode, 401, 'self-signed')
  await world.close()
})

test('an authority that expired or is no authority issues nothing', async () => {
  const world = await createWorld({ settings })
  for (const wish of [{ isAuthority: true, validTo: testStart - 1000 }, { isAuthority: false }]) {
    const issuer = makeCertificate({ subject: [{ CN: 'Authority' }], ...wish })
    const tlsClientAuth = { kind: 'subject_dn', value: 'CN=orders,O=Acme', authorities: issuer.pem } as const
    const set = { authenticationMethods: ['tls_client_auth'], tlsClientAuth } as const
    const { clientId } = await world.makeClient({ set })
    assert.equal((await send(world, clientId, makeCertificate({ issuer }))).statusCode, 401)
  }
  await world.close()
})

// RFC 8705 §2.2: registered itself; neither its issuer nor its dates are judged.
test('a self-signed certificate must be registered, and may be expired', async () => {
  const world = await createWorld({ settings })
  const [first, second, expired] = [
    makeCertificate(),
    makeCertificate({ issuer: authority }),
    makeCertificate({ validTo: testStart - dayMs }),
  ]
  const keys = [first, second, expired].flatMap(({ jwks }) => jwks.keys)
  const set: Partial<ClientFacts> = { authenticationMethods: ['self_signed_tls_client_auth'], jwks: { keys } }
  const { clientId } = await world.makeClient({ set })
  for (const certificate of [first, second, expired])
    assert.equal((await send(world, clientId, certificate)).statusCode, 200)
  assert.equal((await send(world, clientId, makeCertificate())).statusCode, 401)
  // The same key and names in another certificate is another certificate.
  assert.equal((await send(world, clientId, makeCertificate({ signingKey: first.key }))).statusCode, 401)
  await world.close()
})

const self = makeCertificate()
const selfSigned: Partial<ClientFacts> = {
  authenticationMethods: ['self_signed_tls_client_auth'],
  jwks: self.jwks,
}

// RFC 8705 §3.1.
test('the token is bound to the certificate', async () => {
  const world = await createWorld({ settings })
  const { clientId } = await world.makeClient({ set: selfSigned })
  const answer = await send(world, clientId, self)
  const [, claims = ''] = String(answer.json().access_token).split('.')
  const { cnf } = JSON.parse(Buffer.from(claims, 'base64url').toString())
  const thumbprint = Buffer.from(self.x509.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
  assert.deepEqual([cnf, answer.json().token_type], [{ 'x5t#S256': thumbprint }, 'Bearer'])
  await world.close()
})

// RFC 8705 §2; RFC 9440 §4; RFC 9700 §4.13.
test('the request names the client, and the certificate comes from a trusted proxy', async () => {
  const world = await createWorld({ settings })
  const { clientId } = await world.makeClient({ set: selfSigned })
  const [, base64 = ''] = self.header.split(':')
  for (const [what, certificate, sent, status] of [
    ['no client_id', self, { payload: form }, 401],
    ['no certificate', undefined, {}, 401],
    ['a header of a stranger', self, { remoteAddress: '192.0.2.11' }, 401],
    [
      'a header of a stranger who names the proxy',
      self,
      { remoteAddress: '192.0.2.11', headers: { 'x-forwarded-for': proxy } },
      401,
    ],
    ['no byte sequence', undefined, { headers: { 'client-cert': base64 } }, 400],
    ['no certificate in it', undefined, { headers: { 'client-cert': ':AAAA:' } }, 400],
    ['PEM', undefined, { headers: { 'client-cert': encodeURIComponent(self.pem) } }, 400],
    ['all that is needed', self, {}, 200],
  ] as const) {
    assert.equal((await send(world, clientId, certificate, sent)).statusCode, status, what)
  }
  await world.close()
})

test('a client with a secret may come over TLS with a certificate: the secret decides', async () => {
  const world = await createWorld({ settings })
  const client = await world.makeClient()
  const headers = { authorization: basic(client) }
  assert.equal((await send(world, client.clientId, self, { headers, payload: form })).statusCode, 200)
  assert.equal((await send(world, client.clientId, self)).statusCode, 401)
  await world.close()
})

test('without LATCHKEY_MTLS_URL no certificate authenticates, and none is offered', async () => {
  const world = await createWorld({ settings: { LATCHKEY_TRUSTED_PROXIES: proxy } })
  const { clientId } = await world.makeClient({ set: selfSigned })
  assert.equal((await send(world, clientId, self)).statusCode, 401)
  const metadata = (await world.inject({ url: '/.well-known/oauth-authorization-server/oauth' })).json()
  assert.equal(JSON.stringify(metadata).includes('tls'), false)
  await world.close()
})

// RFC 8705 §5, §3.3.
test('the metadata name every endpoint again at the host that asks for certificates', async () => {
  const world = await createWorld({ settings })
  const metadata = (await world.inject({ url: '/.well-known/oauth-authorization-server/oauth' })).json()
  const { mtls_endpoint_aliases: aliases } = metadata
  const endpoints = Object.keys(metadata).filter((name) => name.endsWith('_endpoint'))
  assert.deepEqual(Object.keys(aliases).sort(), endpoints.sort())
  assert.equal(aliases.token_endpoint, 'https://mtls.api.example/oauth/connect/token')
  assert.equal(metadata.tls_client_certificate_bound_access_tokens, true)
  await world.close()
})

// RFC 4514 §2, §2.4.
for (const [text, same] of [
  ['CN=a', 'cn = a'],
  ['CN=a\\,b', 'CN=a\\2cb'],
  ['CN=L\\C4\\8D', 'CN=Lč'],
  ['CN=a\\ ', 'CN=a\\20'],
  ['CN=a\\\\', 'CN=a\\5C'],
  ['2.5.4.3=a', '2.5.4.3=a'],
] as const)
  test(`the names ${text} and ${same} are the same`, () => {
    const read = readDistinguishedName(text)
    assert.ok(read)
    assert.equal(readDistinguishedName(same), read)
  })
for (const text of ['', 'orders', '=a', 'CN=a,b', '1=a', 'C N=a'])
  test(`${JSON.stringify(text)} is no distinguished name`, () =>
    assert.equal(readDistinguishedName(text), undefined))
