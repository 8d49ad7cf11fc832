import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyOf, originOf } from './networks.ts'

for (const [address, line, network] of [
  ['203.0.113.7', '203.0.113.7', '203.0.113.0/24'],
  ['::ffff:203.0.113.7', '203.0.113.7', '203.0.113.0/24'],
  ['::ffff:cb00:7107', '203.0.113.7', '203.0.113.0/24'],
  ['2001:db8:1:2345:6:7:8:9', '2001:db8:1:2345::/64', '2001:db8:1:2300::/56'],
  ['2001:db8:1:2345::', '2001:db8:1:2345::/64', '2001:db8:1:2300::/56'],
  ['::1', '0:0:0:0::/64', '0:0:0:0::/56'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0:0::/56'],
  ['', 'unknown', 'unknown'],
  ['nonsense', 'unknown', 'unknown'],
] as const)
  test(`"${address}" is counted as ${line}, its network as ${network}`, () => {
    assert.deepEqual(originOf(address), { address: line, network })
  })

test('a key is short and tells its parts apart, however long they are', () => {
  const long = 'x'.repeat(16_000)
  assert.equal(keyOf(long, 'n').length, 22)
  assert.notEqual(keyOf('a', 'bc'), keyOf('ab', 'c'))
  assert.equal(keyOf('a', 'b'), keyOf('a', 'b'))
})
