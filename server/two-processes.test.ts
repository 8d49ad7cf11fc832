// Two nodes as processes of their own, on one PostgreSQL: what one changes the other knows within a second.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createPostgresDatabase, testDialects } from './testing/database.ts'
import { makeFolder, type ServerProcess, startReady } from './testing/process.ts'
import { basic } from './testing/world.ts'

const skip = !testDialects.includes('postgres') && 'PostgreSQL is not here'
const client = { clientId: 'test-acme-1', clientSecret: 'a'.repeat(43) }
const setup = {
  accounts: [
    {
      id: 'acme',
      name: 'Acme',
      clients: [
        {
          clientId: client.clientId,
          environment: 'test',
          name: 'A',
          scopes: ['event'],
          secrets: [{ name: 'first', secret: client.clientSecret }],
        },
      ],
    },
  ],
}

const post = (node: ServerProcess, path: string, body: string) =>
  fetch(`${node.url}/oauth/connect/${path}`, {
    method: 'POST',
    headers: { authorization: basic(client), 'content-type': 'application/x-www-form-urlencoded' },
    body,
  })

async function tokenOf(node: ServerProcess): Promise<string> {
  const answer = await post(node, 'token', 'grant_type=client_credentials&scope=event')
  assert.equal(answer.status, 200)
  return (await answer.json()).access_token
}

const call = async (node: ServerProcess, token: string) =>
  (await fetch(`${node.url}/notification/events`, { headers: { authorization: `Bearer ${token}` } })).status

test('a client made by one node gets tokens at the other, and a revocation at one is seen by the other within a second', {
  skip,
}, async (context) => {
  const [one, two] = [makeFolder(), makeFolder()]
  const database = await createPostgresDatabase()
  const file = join(one.path, 'setup.json')
  writeFileSync(file, JSON.stringify(setup))
  // The same public URL on both, as behind a load balancer: the tokens of one are those of the other.
  const shared = {
    LATCHKEY_DATABASE_URL: database.url,
    LATCHKEY_MASTER_KEY: 'k'.repeat(43),
    LATCHKEY_PUBLIC_URL: 'https://api.example',
  }
  const [first, second] = await Promise.all([
    startReady(one.path, { ...shared, LATCHKEY_APPLY: file }),
    startReady(two.path, shared),
  ])
  const [dead, alive] = [await tokenOf(first), await tokenOf(second)]
  assert.deepEqual([await call(second, dead), await call(first, alive)], [200, 200])
  const startedAt = performance.now()
  assert.equal((await post(first, 'revocation', `token=${dead}`)).status, 200)
  assert.equal(await call(first, dead), 401, 'at once where it was revoked')
  while ((await call(second, dead)) === 200) assert.ok(performance.now() - startedAt < 10_000)
  context.diagnostic(`the other node refused after ${Math.round(performance.now() - startedAt)} ms`)
  assert.equal(await call(second, alive), 200)
  for (const node of [first, second]) {
    node.child.kill('SIGTERM')
    assert.equal(await node.exited, 0, node.output())
  }
  await database.drop()
  one.remove()
  two.remove()
})
