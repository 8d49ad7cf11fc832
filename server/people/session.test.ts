// A member's session opens the account API as far as his role allows, from pages of ours alone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeMember } from '../testing/member.ts'
import { createWorld, type World } from '../testing/world.ts'

let world: World
before(async () => {
  world = await createWorld()
})
after(() => world.close())

test('a session reads and changes the clients of its account, in both environments', async () => {
  const owner = await makeMember(world, { role: 'owner' })
  for (const environment of ['test', 'production']) {
    const made = await owner.call('POST', `/account/${environment}/api-clients`, {
      name: 'Billing',
      scopes: ['document_read'],
    })
    assert.equal(made.status, 201, made.text)
    const listed = await owner.call('GET', `/account/${environment}/api-clients`)
    assert.equal(listed.body.items[0].name, 'Billing')
  }
})

for (const [role, status] of [
  ['owner', 201],
  ['developer', 201],
  ['viewer', 403],
] as const)
  test(`a ${role} who makes a client is answered ${status}`, async () => {
    const member = await makeMember(world, { role })
    const made = await member.call('POST', '/account/test/api-clients', { name: role })
    assert.equal(made.status, status, made.text)
  })

test('a session that ended is told to sign in again', async () => {
  const member = await makeMember(world, {})
  await world.database.db.deleteFrom('person_session').where('person_id', '=', member.personId).execute()
  const answer = await member.call('GET', '/account')
  assert.equal(answer.status, 401)
  assert.match(answer.body.type, /signed_out$/)
})
