import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basic, createWorld, type TestClient, tokenRequest } from './testing/world.ts'

const canary = 'canary-canary-canary-canary-canary-canary-canary'

test('no secret and no token is in any log line, wherever a caller puts it', async () => {
  const lines: string[] = []
  const world = await createWorld({ onLogLine: (line) => lines.push(line) })
  const client = await world.makeClient()
  const token = await world.token(['document_read'], client)
  const wrong: TestClient = { clientId: client.clientId, clientSecret: canary }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const post = (headers: Record<string, string>, payload: string, query = '') =>
    world.inject({ method: 'POST', url: `/oauth/connect/token${query}`, headers, payload })
  const bodies = `grant_type=client_credentials&scope=document_read`
  await world.inject(tokenRequest(wrong, bodies))
  await post({ authorization: basic(client), ...form }, bodies, `?client_secret=${canary}`)
  await post(form, `${bodies}&client_id=x&client_secret=${canary}`)
  await post({ authorization: basic(client), ...form }, `${bodies}&client_secret=${canary}`)
  await post(
    { authorization: basic(client), 'content-type': 'application/json' },
    JSON.stringify({ client_secret: canary }),
  )
  await post({ authorization: basic(client), ...form }, `grant_type=${canary}`)
  await post({ authorization: basic(client), ...form }, `grant_type=client_credentials&scope=${canary}`)
  for (const url of [
    `/${canary}`,
    `/signature/documents/${canary}`,
    `/signature/documents?access_token=${token}`,
    `/signature/documents?cursor=${canary}`,
    `/docs/errors/${canary}`,
  ]) {
    await world.inject({
      url,
      headers: { authorization: `Bearer ${token}`, cookie: canary, 'user-agent': canary },
    })
    await world.inject({ url, headers: { authorization: `Bearer ${canary}` } })
  }
  await world.close()
  const log = lines.join('')
  assert.ok(lines.length >= 15, `${lines.length} lines`)
  assert.ok(!log.includes('canary') && !log.includes(Buffer.from(canary).toString('base64')))
  assert.ok(!log.includes(client.clientSecret) && !log.includes(token) && !log.includes('eyJ'))
})

test('each answer has a request id, and the log line of a refusal has the same', async () => {
  const lines: string[] = []
  const world = await createWorld({ onLogLine: (line) => lines.push(line) })
  const answer = await world.inject({ url: '/signature/documents' })
  const line = lines
    .map((text) => JSON.parse(text))
    .find((entry) => entry.requestId === answer.headers['request-id'])
  assert.deepEqual(
    [line?.level, line?.method, line?.route, line?.status],
    ['info', 'GET', '/signature/documents', 401],
  )
  await world.close()
})
