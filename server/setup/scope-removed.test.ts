import assert from 'node:assert/strict'
import { test } from 'node:test'
import { updateClient } from '../clients/store.ts'
import { testDialects } from '../testing/database.ts'
import { openSecondApp } from '../testing/second-app.ts'
import { createWorld, tokenRequest } from '../testing/world.ts'

const skip = !testDialects.includes('postgres') && 'PostgreSQL is not here'

test('a scope taken from a client is refused on another node within a second', { skip }, async () => {
  const world = await createWorld({ dialect: 'postgres' })
  const second = await openSecondApp(world)
  const client = await world.makeClient({ scopes: ['event', 'identify'] })
  const ask = () =>
    second.app.server.inject(tokenRequest(client, 'grant_type=client_credentials&scope=identify'))
  assert.equal((await ask()).statusCode, 200)
  const facts = {
    id: client.clientId,
    accountId: 'acme',
    environment: 'test' as const,
    name: 'Test client',
    scopes: ['event'],
    tokenLifetimeSeconds: 3600,
  }
  await updateClient(world.database.db, facts, world.clock.now())
  const startedAt = performance.now()
  let answer = await ask()
  while (answer.statusCode === 200) {
    assert.ok(performance.now() - startedAt < 5000)
    answer = await ask()
  }
  assert.equal(answer.json().error, 'invalid_scope')
  await second.close()
  await world.close()
})
