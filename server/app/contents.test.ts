// What the three APIs hold, as members of the account see it: all of it, and nothing of anybody else.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { makeContentObjects } from '../testing/account-api/content-objects.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { makeMember, type TestMember } from '../testing/member.ts'
import { createWorld, type World } from '../testing/world.ts'
import type { Environment } from '../vocabulary/environment.ts'

const lists = [
  { path: 'documents', id: 'documentId' },
  { path: 'events', id: 'eventId' },
  { path: 'identifications', id: 'identificationId' },
] as const

/** A name that is not to be taken for markup by anybody on the way. */
const name = '<img src=x onerror=alert(1)>.pdf'

for (const dialect of dialectsOfRun)
  describe(dialect, () => {
    let world: World
    let viewer: TestMember
    let made: Awaited<ReturnType<typeof makeContentObjects>>[]
    let foreign: Awaited<ReturnType<typeof makeContentObjects>>
    let production: Awaited<ReturnType<typeof makeContentObjects>>

    before(async () => {
      world = await createWorld({ dialect })
      viewer = await makeMember(world, { role: 'viewer' })
      await makeMember(world, { accountId: 'evil' })
      const make = (accountId: string, environment: Environment) =>
        makeContentObjects(world, { accountId, environment }, 'test-some-client-1', name)
      made = []
      for (const _ of [1, 2, 3]) made.push(await make('acme', 'test'))
      foreign = await make('evil', 'test')
      production = await make('acme', 'production')
    })
    after(() => world.close())

    for (const { path, id } of lists) {
      const url = `/account/test/${path}`

      test(`${path}: a viewer reads the list page by page, newest first, and each by itself`, async () => {
        const first = await viewer.call('GET', `${url}?limit=2`)
        assert.equal(first.status, 200, first.text)
        const rest = await viewer.call('GET', `${url}?limit=2&cursor=${first.body.nextCursor}`)
        const items = [...first.body.items, ...rest.body.items]
        assert.deepEqual(
          items.map((item) => item.id),
          made.map((ids) => ids[id]).toReversed(),
        )
        assert.equal(rest.body.nextCursor, null)
        const one = await viewer.call('GET', `${url}/${items[0].id}`)
        assert.deepEqual([one.status, one.body], [200, items[0]])
        assert.match(String(one.headers['content-type']), /^application\/json/)
        assert.equal(one.headers['x-content-type-options'], 'nosniff')
      })

      test(`${path}: what is another account's or of the other environment is not there`, async () => {
        for (const other of [foreign, production]) {
          const answer = await viewer.call('GET', `${url}/${other[id]}`)
          assert.equal(answer.status, 404)
          assert.ok(!answer.text.includes(name))
        }
        const inProduction = await viewer.call('GET', `/account/production/${path}`)
        assert.deepEqual(
          inProduction.body.items.map((item: { id: string }) => item.id),
          [production[id]],
        )
      })

      test(`${path}: a cursor of another list or of nobody is refused, and so is a token of a program`, async () => {
        for (const cursor of ['nonsense', '%00', Buffer.from("doc_' or 1=1").toString('base64url')])
          assert.equal((await viewer.call('GET', `${url}?cursor=${cursor}`)).status, 400, cursor)
        for (const query of ['limit=0', 'limit=101', 'status=all'])
          assert.equal((await viewer.call('GET', `${url}?${query}`)).status, 400, query)
        const authorization = `Bearer ${await world.token(['account_read'])}`
        const byToken = await world.inject({ url, headers: { authorization } })
        assert.equal(byToken.statusCode, 403, byToken.body)
        assert.match(byToken.json().detail, /dashboard/)
        assert.equal((await world.inject({ url })).statusCode, 401)
      })
    }
  })
