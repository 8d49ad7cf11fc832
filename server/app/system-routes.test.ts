// The state of the deployment, for operators: true, and without anything that opens something.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { migrations } from '../database/migrations/index.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { makeMember } from '../testing/member.ts'
import { createWorld } from '../testing/world.ts'

const password = 'smtp-pass-4711'

for (const dialect of dialectsOfRun)
  test(`${dialect}: an operator sees versions, nodes, database, health and settings, and no secret`, async () => {
    const world = await createWorld({
      dialect,
      settings: {
        LATCHKEY_SMTP_URL: `smtp://mailer:${password}@127.0.0.1:1`,
        LATCHKEY_MAIL_FROM: 'Latchkey <no-reply@api.example>',
        LATCHKEY_ACTIVITY_DAYS: '17',
      },
    })
    const operator = await makeMember(world, { accountId: 'ops', operator: true, role: 'viewer' })
    const { status, body, text } = await operator.call('GET', '/account/system')
    assert.equal(status, 200, text)
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'))
    assert.deepEqual([body.version, body.runtime], [version, process.version])
    const { database } = body
    assert.equal(database.kind, dialect)
    assert.match(database.version, /^\d+\.\d+/)
    assert.ok(database.sizeBytes > 10_000)
    assert.equal(database.latestMigration, migrations.at(-1)?.name)
    assert.deepEqual(
      body.health.map(({ name, works }: { name: string; works: boolean }) => `${name} ${works}`).toSorted(),
      ['database true', 'server true', 'signingKey true'],
    )
    assert.deepEqual(
      body.nodes.map(({ live }: { live: boolean }) => live),
      dialect === 'postgres' ? [true] : body.nodes.map(() => true),
    )
    assert.deepEqual([body.mail, body.limits, body.settings.activityDays], ['smtp', 'alone', 17])
    assert.equal(body.settings.publicUrl, world.url)
    world.app.stopTakingRequests()
    const stopping = (await operator.call('GET', '/account/system')).body
    assert.equal(stopping.health.find(({ name }: { name: string }) => name === 'server').works, false)
    const { databaseUrl, masterKey } = world
    const hidden = [password, 'mailer', masterKey.toString('base64'), masterKey.toString('hex')]
    if (databaseUrl !== undefined) hidden.push(databaseUrl, new URL(databaseUrl).password)
    for (const secret of hidden.filter((each) => each !== '')) assert.ok(!text.includes(secret))
    assert.ok(!text.includes(world.dataDir), 'nor where it lies')
    await world.close()
  })

test('nobody but operators sees it', async () => {
  const world = await createWorld()
  const owner = await makeMember(world)
  assert.equal((await owner.call('GET', '/account/system')).status, 403)
  assert.equal((await world.inject({ url: '/account/system' })).statusCode, 401)
  await world.close()
})
