import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dueRotation, planRotation, rotationTimes, signingNow } from './rotation.ts'

const now = Date.UTC(2026, 10, 24, 12)
const minute = 60_000
const day = 24 * 60 * minute
const key = (id: string, activeFrom: number, removedFrom: number | null = null, signer = 'local') => ({
  ...{ id, activeFrom, removedFrom, signer },
})

test('the times are those that statement 106 and the published max-age ask for', () => {
  assert.equal(rotationTimes.every, 90 * day)
  assert.equal(rotationTimes.notice, day)
  assert.equal(rotationTimes.shortNotice, 10 * minute)
  // The longest token, 30 s of skew, 300 s of max-age.
  assert.equal(rotationTimes.afterLife, day + 330_000)
})

const { every, notice } = rotationTimes
for (const [name, keys, due] of [
  ['no key at all', [], 'emergency'],
  ['only keys that have ended', [key('a', now - day, now)], 'emergency'],
  ['only a key that signs later, the clock having gone back', [key('a', now + 1)], undefined],
  ['a fresh key', [key('a', now)], undefined],
  ['a key a moment before its last day', [key('a', now - every + notice + 1)], undefined],
  ['a key on its last day', [key('a', now - every + notice)], 'scheduled'],
  ['one on its last day whose successor is published', [key('b', now + 1), key('a', now - every)], undefined],
  [
    'one on its last day whose successor was withdrawn',
    [key('b', now + 1, now), key('a', now - every)],
    'scheduled',
  ],
  ['a key of another signer', [key('a', now - day, null, 'unix')], 'now'],
  [
    'one of another signer whose successor is published',
    [key('b', now + 1), key('a', now - day, null, 'unix')],
    undefined,
  ],
] as const) {
  test(`with ${name} ${due === undefined ? 'no rotation' : `a rotation of the kind ${due}`} is due`, () => {
    assert.equal(dueRotation(keys, 'local', now), due)
  })
}

test('the key that signs is the newest that is active and published', () => {
  const keys = [key('d', now + 1), key('c', now, now), key('b', now - 1), key('a', now - 2)]
  assert.equal(signingNow(keys, now)?.id, 'b')
})

test('by schedule the next key is published a day ahead, and the old one until its last token is over', () => {
  const plan = planRotation(
    [key('b', now - every + notice), key('a', now - 2 * every, now + day)],
    'scheduled',
    now,
  )
  assert.deepEqual(plan, {
    activeFrom: now + day,
    // The older one keeps the end that its own successor set.
    ends: [{ id: 'b', removedFrom: now + day + rotationTimes.afterLife }],
  })
})

test('"now" gives ten minutes of notice, and withdraws a next key that has not signed yet', () => {
  const keys = [key('c', now + day), key('b', now - day, now + 2 * day), key('a', now - 2 * day, now + 1)]
  assert.deepEqual(planRotation(keys, 'now', now), {
    activeFrom: now + 10 * minute,
    ends: [
      { id: 'c', removedFrom: now },
      // It signs for ten minutes more, whatever its end was planned to be.
      { id: 'b', removedFrom: now + 10 * minute + rotationTimes.afterLife },
    ],
  })
})

test('a next key that another node may sign with already, its clock being ahead, is not withdrawn', () => {
  const keys = [key('b', now + 30_000), key('a', now - day, now + day)]
  assert.deepEqual(planRotation(keys, 'now', now).ends, [
    { id: 'b', removedFrom: now + 10 * minute + rotationTimes.afterLife },
  ])
})

test('in an emergency the new key signs and every other leaves at once, also for a clock that is behind', () => {
  const keys = [key('c', now + day), key('b', now - day), key('a', now - 2 * day, now + 1), key('z', 0, now)]
  const plan = planRotation(keys, 'emergency', now)
  assert.equal(plan.activeFrom, now - 30_000)
  assert.deepEqual(
    plan.ends,
    ['c', 'b', 'a'].map((id) => ({ id, removedFrom: now - 30_000 })),
  )
})
