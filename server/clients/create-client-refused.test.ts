// POST /account/:environment/api-clients: what cannot be a client.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientTrail, makeAccountCaller } from '../testing/account-caller.ts'
import { makeAssertionKey } from '../testing/assertions.ts'
import { createWorld } from '../testing/world.ts'

const key = makeAssertionKey('ES256', 'k1')

type Row = readonly [what: string, body: object, status: number, detail: RegExp]

const rows: readonly Row[] = [
  ['no name', {}, 400, /name/],
  ['an empty name', { name: '' }, 400, /name/],
  ['a name of spaces', { name: '   ' }, 400, /name/],
  ['a name that is too long', { name: 'x'.repeat(101) }, 400, /name/],
  ['a line end in the name', { name: 'a\nb' }, 400, /name/],
  ['a zero character in the description', { name: 'a', description: 'a\u0000' }, 400, /description/],
  ['an id of its own', { name: 'a', id: 'test-mine-1' }, 400, /id is not a member/],
  ['an account', { name: 'a', accountId: 'globex' }, 400, /accountId is not a member/],
  ['another environment', { name: 'a', environment: 'production' }, 400, /environment is not a member/],
  ['an origin', { name: 'a', copiedFrom: 'test-a-b-100' }, 400, /copiedFrom is not a member/],
  ['1,000 scopes', { name: 'a', scopes: Array.from({ length: 1000 }, (_, i) => `s${i}`) }, 400, /scopes/],
  ['a scope twice', { name: 'a', scopes: ['event', 'event'] }, 400, /scopes/],
  ['an unknown scope', { name: 'a', scopes: ['evnt'] }, 422, /Did you mean event\?/],
  ['a reserved scope', { name: 'a', scopes: ['account_read'] }, 403, /may not give a client account_read/],
  ['operator', { name: 'a', scopes: ['operator'] }, 403, /may not give a client of the operator account/],
  ['a life of 59 s', { name: 'a', tokenLifetimeSeconds: 59 }, 400, /tokenLifetimeSeconds/],
  ['a life of a day and a second', { name: 'a', tokenLifetimeSeconds: 86_401 }, 400, /tokenLifetimeSeconds/],
  ['a network of everything', { name: 'a', allowedNetworks: ['0.0.0.0/0'] }, 422, /allowedNetworks\.0/],
  ['a network with host bits', { name: 'a', allowedNetworks: ['10.0.0.1/8'] }, 422, /Write 10\.0\.0\.0\/8/],
  ['51 networks', { name: 'a', allowedNetworks: Array(51).fill('10.0.0.0/8') }, 400, /allowedNetworks/],
  ['no method', { name: 'a', authenticationMethods: [] }, 400, /authenticationMethods/],
  ['keys without keys', { name: 'a', authenticationMethods: ['private_key_jwt'] }, 422, /needs a public key/],
  [
    'a certificate without its name',
    { name: 'a', authenticationMethods: ['tls_client_auth'] },
    422,
    /tls_client_auth needs/,
  ],
  ['a private key', { name: 'a', jwks: { keys: [{ ...key.jwk, d: 'AQAB' }] } }, 422, /private key/],
  [
    'two ways to keys',
    { name: 'a', jwks: { keys: [key.jwk] }, jwksUri: 'https://a.example/jwks' },
    422,
    /both set/,
  ],
  ['an address of keys that is none', { name: 'a', jwksUri: 'https://[/' }, 422, /jwksUri/],
  ['keys by plain http', { name: 'a', jwksUri: 'http://a.example/jwks' }, 400, /jwksUri/],
  [
    'authorities that are none',
    { name: 'a', tlsClientAuth: { kind: 'san_dns', value: 'a', authorities: '' } },
    422,
    /authorities/,
  ],
  ['a leap second', { name: 'a', legacyAudienceUntil: '2026-12-31T23:59:60Z' }, 422, /legacyAudienceUntil/],
  ['an expiry that is over', { name: 'a', secret: { expiresAt: '2020-01-01T00:00:00Z' } }, 422, /expiresAt/],
  [
    'an expiry said twice',
    { name: 'a', secret: { expiresAt: '2027-01-01T00:00:00Z', expiresInDays: 3 } },
    422,
    /twice/,
  ],
]

test('what cannot be a client is refused with a clear answer, and nothing is made', async () => {
  const world = await createWorld()
  const { call } = await makeAccountCaller(world)
  for (const [what, body, status, detail] of rows) {
    const answer = await call('POST', '/api-clients', body)
    assert.equal(answer.status, status, `${what}: ${answer.text}`)
    assert.match(answer.body.detail, detail, what)
    assert.ok(!answer.text.includes('AQAB'), what)
  }
  assert.equal((await call('GET', '/api-clients')).body.items.length, 1)
  assert.deepEqual(await clientTrail(world), [])
  await world.close()
})
