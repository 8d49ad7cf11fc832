// Operators see the signing keys and rotate them, and never anything of the private halves.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun, testDialects } from '../testing/database.ts'
import { makeMember } from '../testing/member.ts'
import { openSecondApp } from '../testing/second-app.ts'
import { createWorld, type World } from '../testing/world.ts'
import { rotationTimes } from './rotation.ts'

interface Key {
  id: string
  state: string
  activeFrom: string
  removedFrom: string | null
}

const statesOf = (items: readonly Key[]) => items.map(({ state }) => state)

async function publishedKeys({ inject }: Pick<World, 'inject'>): Promise<string[]> {
  const keys: { kid: string }[] = (await inject({ url: '/oauth/jwks' })).json().keys
  return keys.map(({ kid }) => kid)
}

for (const dialect of dialectsOfRun)
  test(`${dialect}: a rotated key is published at once, signs after ten minutes, and old tokens stay good`, async () => {
    const world = await createWorld({ dialect })
    const operator = await makeMember(world, { accountId: 'ops', operator: true })
    const list = async (): Promise<Key[]> => (await operator.call('GET', '/account/signing-keys')).body.items
    const [first] = await list()
    assert.deepEqual(statesOf(await list()), ['signing'])
    const token = await world.token(['event'])

    const rotated = await operator.call('POST', '/account/signing-keys/rotate')
    assert.equal(rotated.status, 200, rotated.text)
    assert.deepEqual(rotated.body.effectiveOn, { seen: 1, live: 1, missing: [] })
    const items: Key[] = rotated.body.items
    assert.deepEqual(statesOf(items), ['waiting', 'signing'])
    assert.equal(items[1]?.id, first?.id)
    assert.deepEqual((await publishedKeys(world)).toSorted(), items.map(({ id }) => id).toSorted())

    // What waits is taken back when somebody rotates once more: it never signed.
    const again: Key[] = (await operator.call('POST', '/account/signing-keys/rotate')).body.items
    assert.deepEqual(statesOf(again).toSorted(), ['ended', 'signing', 'waiting'])
    assert.equal((await publishedKeys(world)).length, 2)

    world.clock.advance(rotationTimes.shortNotice)
    assert.deepEqual(statesOf(await list()).toSorted(), ['ended', 'published', 'signing'])
    const headers = { authorization: `Bearer ${token}` }
    assert.equal((await world.inject({ url: '/notification/events', headers })).statusCode, 200)
    const { kid } = JSON.parse(
      Buffer.from((await world.token(['event'])).split('.')[0] ?? '', 'base64url').toString(),
    )
    assert.equal((await list()).find(({ state }) => state === 'signing')?.id, kid)

    const rows = await world.database.db.selectFrom('signing_key').selectAll().execute()
    const texts = [rotated.text, (await operator.call('GET', '/account/signing-keys')).text]
    const audit = await operator.call('GET', '/account/deployment/audit')
    assert.equal(audit.status, 200, audit.text)
    texts.push(audit.text)
    for (const { wrapped_private_key: wrapped } of rows)
      for (const text of texts) assert.ok(wrapped === '' || !text.includes(wrapped))
    for (const text of texts) assert.doesNotMatch(text, /"d":|PRIVATE|wrapped/)
    const entries: { action: string; actor: { kind: string; id: string } }[] = audit.body.items
    const created = entries.find(({ action }) => action === 'signing_key.created')
    assert.deepEqual([created?.actor.kind, created?.actor.id], ['member', operator.memberId])
    await world.close()
  })

test('nobody but an owner of the operators rotates', async () => {
  const world = await createWorld()
  const before = await publishedKeys(world)
  for (const [wish, reads, rotates] of [
    [{ accountId: 'acme' }, 403, 403],
    [{ accountId: 'ops', operator: true, role: 'viewer' }, 200, 403],
    [{ accountId: 'ops', operator: true, role: 'developer' }, 200, 403],
  ] as const) {
    const member = await makeMember(world, wish)
    assert.equal((await member.call('GET', '/account/signing-keys')).status, reads)
    assert.equal((await member.call('POST', '/account/signing-keys/rotate')).status, rotates)
  }
  assert.deepEqual(await publishedKeys(world), before)
  await world.close()
})

if (testDialects.includes('postgres'))
  test('the other nodes publish the new key when the answer leaves', async () => {
    const world = await createWorld({ dialect: 'postgres' })
    const second = await openSecondApp(world)
    const operator = await makeMember(world, { accountId: 'ops', operator: true })
    const { body } = await operator.call('POST', '/account/signing-keys/rotate')
    assert.deepEqual(body.effectiveOn, { seen: 2, live: 2, missing: [] })
    const there = await publishedKeys({ inject: (request) => second.app.server.inject(request) })
    assert.ok(there.includes(body.items[0].id))
    await second.close()
    await world.close()
  })
