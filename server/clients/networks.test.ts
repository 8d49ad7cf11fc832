import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readNetworks } from './networks.ts'

for (const [sent, kept] of [
  ['192.0.2.7', '192.0.2.7/32'],
  ['192.0.2.0/24', '192.0.2.0/24'],
  ['0.0.0.0/1', '0.0.0.0/1'],
  ['2001:DB8::/32', '2001:db8::/32'],
  ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1/128'],
  ['::ffff:192.0.2.7', '192.0.2.7/32'],
  ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
  ['fd00::/8', 'fd00::/8'],
] as const)
  test(`the network ${sent} is kept as ${kept}`, () =>
    assert.deepEqual(readNetworks([sent]), { networks: [kept], errors: [] }))

for (const [what, sent, error] of [
  ['everything', ['0.0.0.0/0'], /^allowedNetworks\.0: it allows every address\./],
  ['everything of IPv6', ['::/0'], /it allows every address\./],
  ['everything with host bits', ['10.0.0.1/0'], /it allows every address\./],
  ['both halves', ['0.0.0.0/1', '128.0.0.0/1'], /together they allow every address/],
  ['four quarters, unsorted', ['192.0.0.0/2', '0.0.0.0/2', '128.0.0.0/2', '64.0.0.0/2'], /together/],
  ['all that callers can have', ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3'], /together/],
  ['everything in another dress', ['::ffff:0:0/96'], /together/],
  ['all public addresses of IPv6', ['2000::/3'], /together/],
  ['half of IPv6', ['::/1'], /together/],
  [
    'host bits',
    ['10.1.2.3/8'],
    /Write 10\.0\.0\.0\/8 for the range, or 10\.1\.2\.3 for this address alone\./,
  ],
  ['host bits of IPv6', ['2001:db8::5/64'], /Write 2001:db8::\/64 for the range, or 2001:db8::5 for this/],
  ['a length that is none', ['10.0.0.0/33'], /the length of such a range is 32 at most/],
  ['a name', ['example.com'], /it is no IP address or CIDR range/],
  ['nothing', [''], /it is no IP address/],
  ['an octal address', ['010.0.0.1'], /it is no IP address/],
  ['a short address', ['127.1'], /it is no IP address/],
  ['a zone', ['fe80::1%eth0'], /it is no IP address/],
  ['two slashes', ['10.0.0.0/8/8'], /it is no IP address/],
  ['51 of them', Array.from({ length: 51 }, (_, index) => `10.0.0.${index}`), /at most 50 ranges/],
] as const)
  test(`the networks ${what} are refused`, () => {
    const { errors } = readNetworks(sent)
    assert.equal(errors.length, 1)
    assert.match(errors[0] ?? '', error)
  })

test('of the same network said twice one is kept, and three quarters of the internet are not everything', () => {
  assert.deepEqual(readNetworks(['192.0.2.7', '192.0.2.7/32', '::ffff:192.0.2.7']).networks, ['192.0.2.7/32'])
  assert.deepEqual(readNetworks(['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2']).errors, [])
})
