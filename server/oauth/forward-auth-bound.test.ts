// Calls with tokens that are bound to a DPoP key or to a certificate, asked about by a proxy.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { dpopProof, makeDpopKey, sha256 } from '../testing/dpop.ts'
import {
  asked,
  bearer,
  createAsk,
  openForwardAuthWorld,
  proxy,
  testApi,
} from '../testing/forward-auth-requests.ts'
import { makeCertificate } from '../testing/make-certificate.ts'
import { ordersScopes } from '../testing/orders-api.ts'
import { type TestClient, tokenRequest, type World } from '../testing/world.ts'

let world: World
let client: TestClient
before(async () => {
  world = await openForwardAuthWorld()
  await world.listen()
  client = await world.makeClient({ scopes: ordersScopes })
})
after(() => world.close())
const ask = createAsk(() => world)

const key = makeDpopKey()
async function boundToken(): Promise<{ text: string; nonce: string }> {
  const request = tokenRequest(client, 'grant_type=client_credentials&scope=orders_read')
  const claims = { htm: 'POST', htu: `${world.url}/oauth/connect/token`, iat: world.clock.now() / 1000 }
  const send = (nonce?: string) =>
    world.inject({ ...request, headers: { ...request.headers, dpop: dpopProof(key, { ...claims, nonce }) } })
  const nonce = String((await send()).headers['dpop-nonce'])
  const answer = await send(nonce)
  return { text: answer.json().access_token, nonce }
}
const callHeaders: Record<string, string> = {
  'x-forwarded-method': 'GET',
  'x-forwarded-uri': '/orders?limit=2',
}

for (const [name, claims, headers, from, status] of [
  ['as the proxy says', {}, callHeaders, proxy, 200],
  [
    'as ingress-nginx says',
    {},
    { 'x-original-method': 'GET', 'x-original-url': 'https://evil.example/orders' },
    proxy,
    200,
  ],
  ['for another method', { htm: 'POST' }, callHeaders, proxy, 401],
  ['for another path', { htu: `${testApi}/bills` }, callHeaders, proxy, 401],
  [
    'for another host',
    { htu: 'https://evil.example/orders' },
    { ...callHeaders, 'x-forwarded-host': 'evil.example', host: 'evil.example' },
    proxy,
    401,
  ],
  ['without a nonce', { nonce: undefined }, callHeaders, proxy, 401],
  ['that the proxy does not describe', {}, {}, proxy, 401],
  ['with the method left out', {}, { 'x-forwarded-uri': '/orders' }, proxy, 401],
  [
    'described twice, differently',
    { htm: 'DELETE' },
    { ...callHeaders, 'x-original-method': 'DELETE' },
    proxy,
    401,
  ],
  [
    'with a header of the caller beside the proxy’s',
    {},
    { ...callHeaders, 'x-forwarded-method': 'GET, POST' },
    proxy,
    401,
  ],
  ['described by nobody who is trusted', {}, callHeaders, '198.51.100.7', 401],
] as const) {
  test(`a DPoP proof for a call ${name} answers ${status}`, async () => {
    const { text, nonce } = await boundToken()
    const all = {
      htm: 'GET',
      htu: `${testApi}/orders`,
      iat: world.clock.now() / 1000,
      ath: sha256(text),
      nonce,
    }
    const dpop = dpopProof(key, { ...all, ...claims })
    const sent: Record<string, string | string[]> = { ...headers, authorization: `DPoP ${text}`, dpop }
    const answer = await ask(sent, { from })
    assert.equal(answer.statusCode, status, answer.body)
    assert.ok(status === 401 || answer.headers['dpop-nonce'])
    if (status === 401) assert.match(String(answer.headers['www-authenticate']), /^DPoP .*algs=/)
    else assert.equal((await ask(sent, { from })).statusCode, 401, 'the proof opened a call already')
  })
}

test('the origin of the operator counts where the audience is not the address', async () => {
  const { text, nonce } = await boundToken()
  const url = `${asked()}&origin=https://api.orders.example`
  for (const [host, status] of [
    ['https://api.orders.example', 200],
    [testApi, 401],
  ] as const) {
    const claims = {
      htm: 'GET',
      htu: `${host}/orders`,
      iat: world.clock.now() / 1000,
      ath: sha256(text),
      nonce,
    }
    const sent = { ...callHeaders, authorization: `DPoP ${text}`, dpop: dpopProof(key, claims) }
    assert.equal((await ask(sent, { url })).statusCode, status)
  }
})

test('a bound token without its proof, or as a bearer token, opens nothing', async () => {
  const { text } = await boundToken()
  for (const scheme of ['Bearer', 'DPoP'])
    assert.equal((await ask({ ...callHeaders, authorization: `${scheme} ${text}` })).statusCode, 401)
})

test('a token that is bound to a certificate passes with it, from the trusted proxy alone', async () => {
  const own = makeCertificate()
  const set = { authenticationMethods: ['self_signed_tls_client_auth'], jwks: own.jwks } as const
  const { clientId } = await world.makeClient({ scopes: ordersScopes, set })
  const issued = await world.inject({
    method: 'POST',
    url: '/oauth/connect/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'client-cert': own.header },
    payload: `grant_type=client_credentials&scope=orders_read&client_id=${clientId}`,
    remoteAddress: proxy,
  })
  const headers = bearer(issued.json().access_token)
  assert.equal((await ask({ ...headers, 'client-cert': own.header })).statusCode, 200)
  assert.equal((await ask(headers)).statusCode, 401)
  assert.equal((await ask({ ...headers, 'client-cert': makeCertificate().header })).statusCode, 401)
  assert.equal(
    (await ask({ ...headers, 'client-cert': own.header }, { from: '198.51.100.7' })).statusCode,
    401,
  )
})
