import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { callerWith } from '../testing/operator.ts'
import { createWorld } from '../testing/world.ts'
import { reservedScopes } from '../vocabulary/permission.ts'
import { demoScopes, makeDemo } from './demo.ts'

test('the demo client has the scopes that everyone may have, and none that opens the account API', async () => {
  const world = await createWorld()
  const { app, clock, dataDir, newId, url } = world
  const options = {
    db: world.database.db,
    pepper: app.pepper,
    dataDir,
    publicUrl: url,
    nowMs: clock.now(),
    newId,
  }
  const file = await makeDemo(options)
  assert.ok(file)
  const demo = await world.database.db.selectFrom('client').selectAll().executeTakeFirstOrThrow()
  assert.deepEqual(JSON.parse(demo.scopes), demoScopes)
  for (const scope of demoScopes) assert.equal(app.catalogue.find(scope)?.access, 'everyone', scope)
  for (const scope of reservedScopes) assert.ok(!demo.scopes.includes(scope), scope)
  const [, clientSecret = ''] = /^LATCHKEY_CLIENT_SECRET=(.*)$/m.exec(readFileSync(file, 'utf8')) ?? []
  const token = await world.token(['document_read'], { clientId: demo.id, clientSecret })
  assert.equal((await callerWith(world, token)('GET', '')).statusCode, 403)
  const { operator } = await world.database.db.selectFrom('account').selectAll().executeTakeFirstOrThrow()
  assert.equal(operator, 0)
  await world.close()
})
