import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TestDialect, testDialects } from '../testing/database.ts'
import { openSecondApp } from '../testing/second-app.ts'
import { secretsOf } from '../testing/secrets.ts'
import { createWorld, type TestClient, tokenRequest } from '../testing/world.ts'

const requests = 100_000
const atOnce = 50

/** Requests tokens on every node in turn while its secret is exchanged each second. @returns the statuses seen. */
async function rotateUnderLoad(
  dialect: TestDialect,
): Promise<{ statuses: Map<number, number>; rotations: number }> {
  const world = await createWorld({ dialect })
  const second = dialect === 'postgres' ? await openSecondApp(world) : undefined
  const servers = [world.app.server, ...(second ? [second.app.server] : [])]
  const made = await world.makeClient()
  const secrets = await secretsOf(world, made)
  let current: TestClient = made
  const [first] = (await world.app.clients.find(made.clientId))?.secrets ?? []
  let currentId = first?.id ?? ''
  const statuses = new Map<number, number>()
  let rotations = 0
  let rotatedAt = performance.now()
  let lastTick = performance.now()
  for (let sent = 0; sent < requests; sent += atOnce) {
    // The clock of the nodes follows real time here: it decides how old a remembered client is.
    const passedMs = Math.floor(performance.now() - lastTick)
    world.clock.advance(passedMs)
    lastTick += passedMs
    if (performance.now() - rotatedAt > 1000) {
      rotatedAt = performance.now()
      // As its owner does it: the new one first, then the end of the old one.
      const next = await secrets('POST', '', { name: 'next' })
      assert.equal(next.statusCode, 201, next.body)
      const oldId = currentId
      current = { clientId: current.clientId, clientSecret: next.json().secret }
      currentId = next.json().id
      rotations += 1
      const ended = await secrets('POST', `/${oldId}/revoke`)
      assert.equal(ended.statusCode, 200, ended.body)
    }
    const request = tokenRequest(current, 'grant_type=client_credentials&scope=event')
    const answers = await Promise.all(
      Array.from({ length: atOnce }, (_, index) =>
        (servers[index % servers.length] ?? world.app.server).inject(request),
      ),
    )
    for (const { statusCode } of answers) statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
  }
  await second?.close()
  await world.close()
  return { statuses, rotations }
}

for (const dialect of testDialects) {
  test(`${dialect}: a correct caller never sees 401 in 100,000 requests while its secrets rotate every second`, async (context) => {
    const { statuses, rotations } = await rotateUnderLoad(dialect)
    context.diagnostic(`${rotations} rotations, statuses ${JSON.stringify([...statuses])}`)
    assert.deepEqual([...statuses], [[200, requests]])
    assert.ok(rotations >= 10, `${rotations} rotations`)
  })
}
