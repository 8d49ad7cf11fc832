// examples/python/orders_api.py, a program that nobody here wrote the JWT library of, against the real server.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { dpopProof, makeDpopKey } from '../../server/testing/dpop.ts'
import { ordersScopes, registerOrders } from '../../server/testing/orders-api.ts'
import {
  createWorld,
  type TestClient,
  testStart,
  tokenRequest,
  type World,
} from '../../server/testing/world.ts'

const python = '/usr/bin/python3'
const hasJwt = spawnSync(python, ['-c', 'import jwt, cryptography']).status === 0
const options = { skip: !hasJwt && 'python3-jwt and python3-cryptography are not here' }

let world: World
let client: TestClient
let api: ChildProcess
let port: number
let good: string
let expired: string
let keyFetches = 0
before(async () => {
  if (!hasJwt) return
  world = await createWorld({
    onLogLine: (line) => {
      if (line.includes('"route":"/oauth/jwks"')) keyFetches += 1
    },
  })
  await world.listen()
  await registerOrders(world)
  client = await world.makeClient({ environment: 'production', scopes: [...ordersScopes, 'event'] })
  expired = await world.token(['orders_read'], client)
  // Python reads the real clock.
  world.clock.advance(Date.now() - testStart)
  good = await world.token(['orders_read'], client)
  const settings = { AUDIENCE: 'https://orders.example', ENVIRONMENT: 'production', PORT: '0' }
  api = spawn(python, [new URL('orders_api.py', import.meta.url).pathname], {
    env: { LATCHKEY_URL: world.url, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  assert.ok(api.stdout)
  const [line] = await once(api.stdout, 'data')
  port = Number(/:(\d+)\s*$/.exec(String(line))?.[1])
})
after(async () => {
  api?.kill()
  await world?.close()
})

/** A call with exactly these values of Authorization. */
async function call(
  ...authorization: string[]
): Promise<{ status: number; challenge: string; body: string }> {
  const headers = ['host', 'orders.example', ...authorization.flatMap((value) => ['authorization', value])]
  const sent = request({ host: '127.0.0.1', port, path: '/orders', headers, agent: false }).end()
  const [answer] = await once(sent, 'response')
  let body = ''
  for await (const chunk of answer.setEncoding('utf8')) body += chunk
  return { status: answer.statusCode, challenge: answer.headers['www-authenticate'] ?? '', body }
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claimsOf = (token: string) => token.split('.')[1] ?? ''
const headerOf = (token: string): object =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())

test('the right token passes, and the API learns whose it is', options, async () => {
  for (const scheme of ['Bearer', 'bearer', 'BEARER '])
    assert.deepEqual(JSON.parse((await call(`${scheme} ${good}`)).body), {
      orders: [],
      clientId: client.clientId,
    })
})

for (const [name, make, status, error] of [
  ['no token', async () => [], 401, undefined],
  ['an empty header', async () => [''], 401, undefined],
  ['two headers', async () => [`Bearer ${good}`, `Bearer ${good}`], 400, 'invalid_request'],
  ['Basic', async () => ['Basic dGVzdDp4'], 401, 'invalid_token'],
  ['a broken token', async () => ['Bearer a.b.c'], 401, 'invalid_token'],
  ['no JWT', async () => [`Bearer ${client.clientSecret}`], 401, 'invalid_token'],
  ['a changed signature', async () => [`Bearer ${good.slice(0, -4)}AAAA`], 401, 'invalid_token'],
  ['an expired token', async () => [`Bearer ${expired}`], 401, 'invalid_token'],
  [
    'the token of another API',
    async () => [`Bearer ${await world.token(['event'], client)}`],
    401,
    'invalid_token',
  ],
  ['a test token', async () => [`Bearer ${await world.token(['orders_read'])}`], 401, 'invalid_token'],
  [
    'another scope',
    async () => [`Bearer ${await world.token(['orders_write'], client)}`],
    403,
    'insufficient_scope',
  ],
  [
    'alg none',
    async () => [`Bearer ${encode({ ...headerOf(good), alg: 'none' })}.${claimsOf(good)}.`],
    401,
    'invalid_token',
  ],
  [
    'typ JWT',
    async () => [`Bearer ${encode({ ...headerOf(good), typ: 'JWT' })}.${claimsOf(good)}.AAAA`],
    401,
    'invalid_token',
  ],
  [
    'a jku',
    async () => [`Bearer ${encode({ ...headerOf(good), jku: world.url })}.${claimsOf(good)}.AAAA`],
    401,
    'invalid_token',
  ],
  ['HS256 with the public key as secret', forgedByPublicKey, 401, 'invalid_token'],
  ['a token that is bound to a DPoP key', boundToken, 401, 'invalid_token'],
] as const) {
  test(`Python: ${name} answers ${status}`, options, async () => {
    const answer = await call(...(await make()))
    assert.equal(answer.status, status, answer.body)
    assert.match(answer.challenge, /^Bearer realm="orders"/)
    assert.equal(/error="(\w+)"/.exec(answer.challenge)?.[1], error)
    assert.equal(/scope="(\w+)"/.exec(answer.challenge)?.[1], status === 403 ? 'orders_read' : undefined)
    assert.equal(JSON.parse(answer.body).status, status)
  })
}

async function forgedByPublicKey(): Promise<string[]> {
  const [jwk] = (await world.inject({ url: '/oauth/jwks' })).json().keys
  const input = `${encode({ ...headerOf(good), alg: 'HS256' })}.${claimsOf(good)}`
  return [`Bearer ${input}.${createHmac('sha256', JSON.stringify(jwk)).update(input).digest('base64url')}`]
}

async function boundToken(): Promise<string[]> {
  const key = makeDpopKey()
  const issue = (nonce?: string) => {
    const sent = tokenRequest(client, 'grant_type=client_credentials&scope=orders_read')
    const claims = {
      htm: 'POST',
      htu: `${world.url}/oauth/connect/token`,
      iat: Math.floor(world.clock.now() / 1000),
      nonce,
    }
    return world.inject({ ...sent, headers: { ...sent.headers, dpop: dpopProof(key, claims) } })
  }
  const answer = await issue(String((await issue()).headers['dpop-nonce']))
  return [`Bearer ${answer.json().access_token}`]
}

test('made-up key ids do not become a flood of fetches', options, async () => {
  await call(`Bearer ${good}`)
  const before = keyFetches
  for (let index = 0; index < 50; index += 1)
    await call(`Bearer ${encode({ ...headerOf(good), kid: `made-up-${index}` })}.${claimsOf(good)}.AAAA`)
  assert.ok(keyFetches - before <= 1, `${keyFetches - before} fetches`)
})

test('while the keys cannot be fetched nothing is decided', options, async () => {
  const away = spawn(python, [new URL('orders_api.py', import.meta.url).pathname], {
    env: { LATCHKEY_URL: 'http://127.0.0.1:9', AUDIENCE: 'x', ENVIRONMENT: 'test', PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = await once(away.stdout, 'data')
  const headers = { authorization: `Bearer ${good}` }
  const answer = await fetch(String(line).replace('Listening on ', '').trim(), { headers })
  assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '30'])
  away.kill()
})
