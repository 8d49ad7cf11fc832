import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCuttableProxy } from '../testing/cuttable-proxy.ts'
import { testDialects } from '../testing/database.ts'
import { openSecondApp } from '../testing/second-app.ts'
import { createWorld, tokenRequest } from '../testing/world.ts'

const skip = !testDialects.includes('postgres') && 'PostgreSQL is not here'

test('with the database away a revocation answers 503 and the token lives, warm clients get tokens, unknown ones 503', {
  skip,
}, async () => {
  const world = await createWorld({ dialect: 'postgres' })
  const url = new URL(world.databaseUrl ?? '')
  const proxy = await openCuttableProxy({ host: url.hostname, port: Number(url.port) })
  url.port = String(proxy.port)
  const node = await openSecondApp(world, url.href)
  const client = await world.makeClient()
  const request = (who: typeof client, form: string, path = 'token') =>
    node.app.server.inject({ ...tokenRequest(who, form), url: `/oauth/connect/${path}` })
  const grant = 'grant_type=client_credentials&scope=event'
  // It has heard of the new client: nothing makes it forget what it will serve from memory.
  await node.app.changes.poll()
  const { access_token: token } = (await request(client, grant)).json()
  proxy.cut()
  // RFC 7009 §2.2.1: the token is still alive.
  const revoked = await request(client, `token=${token}`, 'revocation')
  assert.deepEqual([revoked.statusCode, revoked.json().error], [503, 'temporarily_unavailable'], revoked.body)
  assert.match(String(revoked.headers['retry-after']), /^\d+$/)
  assert.equal((await request(client, `token=${token}`, 'introspect')).json().active, true)
  assert.equal((await request(client, grant)).statusCode, 200)
  const unknown = await request({ clientId: 'test-never-seen-100', clientSecret: 'x' }, grant)
  assert.equal(unknown.statusCode, 503, 'whether it exists cannot be said')
  assert.equal((await node.app.server.inject({ url: '/readyz' })).statusCode, 503)
  proxy.mend()
  assert.equal(
    (await request(client, `token=${token}`, 'revocation')).statusCode,
    200,
    'back as soon as the database is',
  )
  await node.close()
  await proxy.close()
  await world.close()
})
