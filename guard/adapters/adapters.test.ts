// One table of cases for every adapter, over real connections: three frameworks, one behaviour.
import assert from 'node:assert/strict'
import { type IncomingHttpHeaders, request } from 'node:http'
import { after, test } from 'node:test'
import { frameworks } from '../testing/adapter-servers.ts'
import {
  audiences,
  boundToken,
  guardWith,
  now,
  other,
  proof,
  signed,
  token,
} from '../testing/bound-tokens.ts'

const origin = 'https://orders.example'
const address = `${origin}/v1/orders`

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

type Headers = readonly (readonly [name: string, value: string])[]

/** A call with exactly these header lines, repeats included. */
function call(port: number, headers: Headers, { method = 'GET', path = '/v1/orders' } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const lines = [...headers]
    if (!headers.some(([name]) => name === 'host')) lines.push(['host', 'orders.example'])
    if (method === 'POST') lines.push(['content-length', '0'])
    request(
      { host: '127.0.0.1', port, method, path, agent: false, headers: lines.flat() },
      async (answer) => {
        let body = ''
        for await (const chunk of answer.setEncoding('utf8')) body += chunk
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body })
      },
    )
      .once('error', reject)
      .end()
  })
}

const bearer = (text: string): Headers => [['authorization', `Bearer ${text}`]]
const withProof = (text: string, ...proofs: string[]): Headers => [
  ['authorization', `DPoP ${text}`],
  ...proofs.map((each) => ['dpop', each] as const),
]

const good = await signed()
const bound = await boundToken()
const certified = await token({ 'x5t#S256': 'thumb' })

/** Each case makes its headers anew: a proof opens one call. */
const cases: [
  name: string,
  make: () => Promise<Headers> | Headers,
  status: number,
  code: string | undefined,
][] = [
  ['no token', () => [], 401, 'missing_token'],
  ['an empty header', () => [['authorization', '']], 401, 'missing_token'],
  ['a broken token', () => bearer('a.b.c'), 401, 'invalid_token'],
  ['Basic', () => [['authorization', 'Basic dGVzdDp4']], 401, 'invalid_token'],
  ['Digest with commas', () => [['authorization', 'Digest username="a", realm="b"']], 401, 'invalid_token'],
  ['an expired token', async () => bearer(await signed({ exp: now - 42 })), 401, 'invalid_token'],
  [
    'another audience',
    async () => bearer(await signed({ aud: 'https://bills.example' })),
    401,
    'invalid_token',
  ],
  [
    'another environment',
    async () => bearer(await signed({ environment: 'production', aud: origin })),
    401,
    'invalid_token',
  ],
  [
    'another environment with our audience',
    async () => bearer(await signed({ environment: 'production', aud: audiences.test })),
    401,
    'invalid_token',
  ],
  ['another scope', async () => bearer(await signed({ scope: 'order_write' })), 403, 'insufficient_scope'],
  ['the right scope', () => bearer(good), 200, undefined],
  ['the scheme in small letters', () => [['authorization', `bearer ${good}`]], 200, undefined],
  ['two Authorization headers', () => [...bearer(good), ...bearer(good)], 400, 'invalid_request'],
  ['two, the first empty', () => [['authorization', ''], ...bearer(good)], 400, 'invalid_request'],
  ['two, the last empty', () => [...bearer(good), ['authorization', '']], 400, 'invalid_request'],
  [
    'two of two schemes',
    () => [...bearer(good), ['authorization', 'Basic dGVzdDp4']],
    400,
    'invalid_request',
  ],
  [
    'two in different letter case',
    () => [['AUTHORIZATION', `Bearer ${good}`], ...bearer(good)],
    400,
    'invalid_request',
  ],
  ['a good proof', async () => withProof(bound, await proof(bound, { htu: address })), 200, undefined],
  ['no proof', () => withProof(bound), 401, 'invalid_dpop_proof'],
  [
    'two proofs',
    async () => withProof(bound, await proof(bound, { htu: address }), await proof(bound, { htu: address })),
    401,
    'invalid_dpop_proof',
  ],
  [
    'a proof of another key',
    async () => withProof(bound, await proof(bound, { htu: address }, {}, other)),
    401,
    'invalid_token',
  ],
  [
    'a proof for another address',
    async () => withProof(bound, await proof(bound, { htu: `${origin}/orders` })),
    401,
    'invalid_dpop_proof',
  ],
  [
    'a proof for another method',
    async () => withProof(bound, await proof(bound, { htu: address, htm: 'POST' })),
    401,
    'invalid_dpop_proof',
  ],
  ['a bound token as bearer token', () => bearer(bound), 401, 'invalid_token'],
  ['its certificate', () => [...bearer(certified), ['x-certificate-thumbprint', 'thumb']], 200, undefined],
  [
    'another certificate',
    () => [...bearer(certified), ['x-certificate-thumbprint', 'x']],
    401,
    'invalid_token',
  ],
]

for (const [framework, start] of Object.entries(frameworks)) {
  const guard = guardWith()
  const server = await start(guard, origin)
  after(() => server.close())

  for (const [name, make, status, code] of cases) {
    test(`${framework}: ${name} answers ${status}`, async () => {
      const answer = await call(server.port, await make())
      assert.equal(answer.status, status, answer.body)
      if (code === undefined) return assert.deepEqual(JSON.parse(answer.body), { client: 'test-a-b-100' })
      const problem = JSON.parse(answer.body)
      assert.equal(problem.type, `https://api.example/docs/errors/${code}`)
      assert.equal(problem.status, status)
      assert.equal(answer.headers['content-type'], 'application/problem+json')
      assert.equal(answer.headers['cache-control'], 'no-store')
      assert.equal(answer.headers['x-before'], 'kept')
      const challenge = answer.headers['www-authenticate'] ?? ''
      assert.match(challenge, /^(Bearer|DPoP) realm="api\.example"/)
      assert.equal(/error="(\w+)"/.exec(challenge)?.[1], code === 'missing_token' ? undefined : code)
    })
  }

  test(`${framework}: a proof opens one call`, async () => {
    const used = withProof(bound, await proof(bound, { htu: address }))
    assert.equal((await call(server.port, used)).status, 200)
    const answer = await call(server.port, used)
    assert.equal(answer.status, 401)
    assert.match(JSON.parse(answer.body).detail, /used before/)
  })

  // RFC 9449 §4.3: a proof that was made for somebody else's server opens nothing here, whatever Host says.
  test(`${framework}: neither Host nor forwarding headers choose what a proof may name`, async () => {
    for (const lie of [
      [['host', 'evil.example']],
      [['x-forwarded-host', 'evil.example']],
      [['forwarded', 'host=evil.example;proto=https']],
      [['x-original-url', 'https://evil.example/v1/orders']],
    ] as const) {
      const foreign = await proof(bound, { htu: 'https://evil.example/v1/orders' })
      assert.equal((await call(server.port, [...withProof(bound, foreign), ...lie])).status, 401)
      const own = await proof(bound, { htu: address })
      assert.equal((await call(server.port, [...withProof(bound, own), ...lie])).status, 200)
    }
  })

  test(`${framework}: a Host with a path in it is not part of the address`, async () => {
    const made = await proof(bound, { htu: `${origin}/x/v1/orders` })
    const answer = await call(server.port, [...withProof(bound, made), ['host', 'orders.example/x']])
    assert.notEqual(answer.status, 200)
  })

  test(`${framework}: the query is no part of what a proof names, and the method is`, async () => {
    const made = () => proof(bound, { htu: address, htm: 'POST' })
    const path = '/v1/orders?limit=2'
    assert.equal(
      (await call(server.port, withProof(bound, await made()), { method: 'POST', path })).status,
      200,
    )
    assert.equal((await call(server.port, withProof(bound, await made()), { path })).status, 401)
  })

  test(`${framework}: on a route without guard there is no token`, async () => {
    assert.equal((await call(server.port, bearer(good), { path: '/open' })).status, 500)
  })

  test(`${framework}: a guard that is told no origin refuses bound tokens`, async () => {
    const plain = await start(guard, undefined)
    assert.equal((await call(plain.port, bearer(good))).status, 200)
    const answer = await call(plain.port, withProof(bound, await proof(bound, { htu: address })))
    assert.equal(answer.status, 401)
    await plain.close()
  })
}
