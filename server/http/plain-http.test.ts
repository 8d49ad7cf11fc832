import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld, tokenRequest } from '../testing/world.ts'

const settings = { LATCHKEY_PUBLIC_URL: 'https://api.example', LATCHKEY_TRUSTED_PROXIES: '10.0.0.1' }
const forwarded = (proto: string) => ({ 'x-forwarded-proto': proto })

for (const [from, remoteAddress, headers, accepted] of [
  ['this machine', '127.0.0.1', {}, true],
  ['the trusted proxy over https', '10.0.0.1', forwarded('https'), true],
  ['the trusted proxy over http', '10.0.0.1', forwarded('http'), false],
  ['outside', '203.0.113.9', {}, false],
  ['outside, claiming https', '203.0.113.9', forwarded('https'), false],
  ['a proxy on this machine over http', '127.0.0.1', forwarded('http'), false],
] as const) {
  test(`credentials from ${from} are ${accepted ? 'taken' : 'refused, never redirected'}`, async () => {
    const world = await createWorld({ settings })
    const client = await world.makeClient()
    const token = await world.token(['event'], client)
    const request = tokenRequest(client, 'grant_type=client_credentials&scope=event')
    const answers = [
      await world.inject({ ...request, remoteAddress, headers: { ...request.headers, ...headers } }),
      await world.inject({
        url: '/notification/events',
        remoteAddress,
        headers: { authorization: `Bearer ${token}`, ...headers },
      }),
    ]
    for (const answer of answers) {
      assert.equal(answer.statusCode, accepted ? 200 : 400, answer.body)
      if (!accepted) assert.match(answer.body, /came over plain http/)
      assert.equal(answer.headers.location, undefined)
    }
    assert.equal(
      (await world.inject({ url: '/livez', remoteAddress, headers })).statusCode,
      200,
      'a health check carries no credentials',
    )
    await world.close()
  })
}
