// Whatever people write into the catalogue: it is stored as it was written, or refused; never a fault of ours.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dialectsOfRun } from '../testing/database.ts'
import { makeOperator } from '../testing/operator.ts'
import { createWorld } from '../testing/world.ts'

const hostile = fc.constantFrom(
  '<img src=x onerror=alert(1)>',
  "'; drop table api; --",
  '%00\u0000',
  '\u202e\u200b',
  '\ud800',
  '__proto__',
  '{{7*7}}',
  'a\r\nSet-Cookie: x=1',
  '"}],"operator":true',
  '\\',
)
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 120 }), hostile, fc.string({ maxLength: 400 }))

for (const dialect of dialectsOfRun) {
  test(`${dialect}: 60 APIs with generated texts are stored as written, or refused`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeOperator(world)
    const seen = new Set<number>()
    let number = 0
    const property = fc.asyncProperty(
      text,
      text,
      text,
      text,
      text,
      async (name, description, scope, note, id) => {
        number += 1
        const audiences = { production: `urn:p:${number}`, test: `urn:t:${number}` }
        const own = { id: `api-${number}`, audiences, name, description }
        const bodies = [own, { ...own, id }, { ...own, scopes: [{ name: scope, description: note }] }]
        for (const body of bodies) {
          const answer = await call('POST', '/apis', body)
          seen.add(answer.statusCode)
          assert.ok([201, 400, 409].includes(answer.statusCode), `${answer.statusCode} ${answer.body}`)
          if (answer.statusCode !== 201) continue
          const stored = (await call('GET', `/apis/${answer.json().id}`)).json()
          // Half a surrogate pair is no character: databases keep a mark in its place.
          assert.deepEqual(
            [stored.name, stored.description],
            [name.toWellFormed(), description.toWellFormed()],
          )
          break
        }
        const changed = await call('POST', `/apis/api-${number}/scopes`, {
          name: `s_${number}`,
          description: note,
        })
        assert.ok([201, 400, 404].includes(changed.statusCode), changed.body)
        if (changed.statusCode !== 201) return
        const path = `/apis/api-${number}/scopes/s_${number}`
        const deprecated = await call('POST', `${path}/deprecate`, { note })
        assert.equal(deprecated.json().deprecationNote, note.toWellFormed())
      },
    )
    await fc.assert(property, { numRuns: 60, seed: 20261124 })
    assert.deepEqual([...seen].toSorted(), [201, 400])
    assert.equal((await world.inject({ url: '/docs/scopes' })).statusCode, 200)
    await world.close()
  })
}
