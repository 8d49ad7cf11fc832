import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleRefusals } from './refusal-samples.ts'

function count(refusals: { clientId: string | null; address: string; claimed?: string }[]) {
  let nowMs = 1000
  const keep = sampleRefusals(() => nowMs)
  const kept = () =>
    refusals.filter(({ clientId, address, claimed }) =>
      keep({ accountId: clientId === null ? null : 'acme', clientId, address }, claimed),
    ).length
  const first = kept()
  nowMs += 1000
  return [first, kept()]
}

const many = <Value>(length: number, make: (index: number) => Value) =>
  Array.from({ length }, (_, index) => make(index))

for (const [what, refusals, kept] of [
  ['one client from one address', many(1000, () => ({ clientId: 'a', address: '::1' })), 10],
  ['one client from many addresses', many(1000, (n) => ({ clientId: 'a', address: `${n}` })), 50],
  ['nobody from one address', many(1000, () => ({ clientId: null, address: '::1' })), 10],
  ['nobody from many addresses', many(1000, (n) => ({ clientId: null, address: `${n}` })), 50],
  ['ids that are made up', many(1000, (n) => ({ clientId: null, address: `${n}`, claimed: `${n}` })), 200],
  ['many clients', many(100, (n) => ({ clientId: `${n}`, address: '::1' })), 100],
] as const)
  test(`in a second ${kept} refusals of ${what} are kept whole, and as many in the next`, () => {
    assert.deepEqual(count([...refusals]), [kept, kept])
  })

test('a flood from elsewhere does not hide what the owner of the client does', () => {
  const keep = sampleRefusals(() => 0)
  const refusal = (address: string) => ({ accountId: 'acme', clientId: 'a', address })
  for (let index = 0; index < 1000; index += 1) keep(refusal('198.51.100.1'))
  assert.equal(keep(refusal('203.0.113.7')), true)
})
