// The examples of the guard run as they are shown: a program of each framework, against the real server.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { registerOrders } from '../../server/testing/orders-api.ts'
import { freePort } from '../../server/testing/process.ts'
import { until } from '../../server/testing/until.ts'
import { createWorld, testStart, type World } from '../../server/testing/world.ts'

let world: World
before(async () => {
  world = await createWorld()
  await world.listen()
  await registerOrders(world)
  // The programs read the real clock.
  world.clock.advance(Date.now() - testStart)
})
after(() => world.close())

for (const framework of ['fastify', 'express', 'hono']) {
  test(`${framework}: the shown program lets the right token pass, of both environments`, async () => {
    const port = await freePort()
    const file = new URL(`${framework}.ts`, import.meta.url).pathname
    const env = { PATH: process.env.PATH, LATCHKEY_URL: world.url, PORT: String(port) }
    const program = spawn(process.execPath, [file], { env, stdio: 'inherit' })
    const call = (token?: string) =>
      fetch(
        `http://127.0.0.1:${port}/orders`,
        token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
      )
    const first = await until(() => call().catch(() => undefined), framework)
    assert.deepEqual(
      [first.status, first.headers.get('www-authenticate')],
      [401, `Bearer realm="${new URL(world.url).host}"`],
    )
    for (const environment of ['test', 'production'] as const) {
      const client = await world.makeClient({ environment, scopes: ['orders_read', 'orders_write'] })
      const answer = await call(await world.token(['orders_read'], client))
      assert.deepEqual(await answer.json(), { orders: [], clientId: client.clientId, environment })
      assert.equal((await call(await world.token(['orders_write'], client))).status, 403)
    }
    program.kill()
    await once(program, 'exit')
  })
}
