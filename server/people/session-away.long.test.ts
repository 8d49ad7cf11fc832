// A database that is away signs nobody out: who has a session, or wants one, is told to come back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeBrowser } from '../testing/browser.ts'
import { openCuttableProxy } from '../testing/cuttable-proxy.ts'
import { testDialects } from '../testing/database.ts'
import { makeMember } from '../testing/member.ts'
import { openSecondApp } from '../testing/second-app.ts'
import { createWorld, type World } from '../testing/world.ts'

const skip = !testDialects.includes('postgres') && 'PostgreSQL is not here'

test('with the database away sessions and sign-ins answer 503, and go on when it is back', {
  skip,
}, async () => {
  const world = await createWorld({ dialect: 'postgres' })
  const url = new URL(world.databaseUrl ?? '')
  const proxy = await openCuttableProxy({ host: url.hostname, port: Number(url.port) })
  url.port = String(proxy.port)
  const node = await openSecondApp(world, url.href)
  const { headers, email, password } = await makeMember(world)
  const inject: World['inject'] = (request) => node.app.server.inject(request)
  const session = () => inject({ url: '/account/session', headers })
  assert.equal((await session()).statusCode, 200)
  proxy.cut()
  const ways = [
    { method: 'GET', url: '/account/session', headers },
    { method: 'POST', url: '/account/sign-in', payload: { email, password } },
    { method: 'POST', url: '/account/two-factor', headers, payload: { password } },
    { method: 'POST', url: '/account/password-reset/complete', payload: { token: 'x'.repeat(43), password } },
  ] as const
  for (const way of ways) {
    const answer = await inject({
      ...way,
      headers: { origin: world.url, ...('headers' in way && way.headers) },
    })
    assert.equal(answer.statusCode, 503, `${way.url}: ${answer.body}`)
    assert.match(String(answer.headers['retry-after']), /^\d+$/)
    assert.equal(answer.headers['set-cookie'], undefined, 'the browser keeps its session')
    assert.ok(!answer.body.includes(email))
  }
  proxy.mend()
  assert.equal((await session()).statusCode, 200)
  const browser = makeBrowser({ ...world, inject })
  assert.equal((await browser.post('/account/sign-in', { email, password })).status, 200)
  await node.close()
  await proxy.close()
  await world.close()
})
