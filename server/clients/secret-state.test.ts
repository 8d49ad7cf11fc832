import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noUses, type SecretSituation, stateOf, unknownUses, verdictOf, whyNotSafe } from './secret-state.ts'

const nowMs = Date.UTC(2026, 10, 24, 12)
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

const secret = {
  id: 'sec_a',
  name: 'first',
  hint: 'x7Qd',
  createdAt: nowMs - 100 * day,
  expiresAt: null,
  revokedAt: null,
  leakedAt: null,
  lastUsedAt: null,
  lastUsedAddress: null,
  version: 1,
}

function situation(
  facts: Partial<typeof secret> | Record<string, number | string | null>,
  rest: Partial<SecretSituation> = {},
): SecretSituation {
  return {
    secret: { ...secret, ...facts },
    uses: noUses,
    othersUsedAt: [],
    methods: ['client_secret_basic'],
    nowMs,
    ...rest,
  }
}

const usedAt = (ago: number) => ({ lastUsedAt: nowMs - ago, lastUsedAddress: '203.0.113.7' })
const othersUsedAt = [nowMs - minute]
const uses = (lastHour: number, lastDay: number, ago: number) => ({
  lastHour,
  lastDay,
  latest: { at: nowMs - ago, address: '203.0.113.7', userAgent: 'x' },
})

for (const [what, given, safe, verdict] of [
  [
    'never used and new',
    situation({ createdAt: nowMs - hour }),
    false,
    /^Never used in 1 h\. .*less than 24 h/,
  ],
  ['never used, others neither', situation({}), false, /^Never used in 100 days\. No other secret/],
  [
    'never used, another was',
    situation({}, { othersUsedAt }),
    true,
    /^Never used in 100 days: safe to revoke\.$/,
  ],
  [
    'in use now',
    situation({}, { uses: uses(3, 8, minute), othersUsedAt }),
    false,
    /^3 token requests in the last hour, last from 203\.0\.113\.7\.$/,
  ],
  [
    'in use now, of which the activity knows nothing yet',
    situation(usedAt(5 * minute), { othersUsedAt }),
    false,
    /^Last used 5 min ago from 203\.0\.113\.7\.$/,
  ],
  [
    'in use now, while the activity cannot be read',
    situation(usedAt(5 * minute), { othersUsedAt, uses: unknownUses }),
    false,
    /^Last used 5 min ago from 203\.0\.113\.7\.$/,
  ],
  [
    'used in the hour before, which the activity counts',
    situation({}, { uses: uses(1, 1, 90 * minute) }),
    false,
    /^1 token request in the last 24 h, last from 203\.0\.113\.7; quiet for 1 h\.$/,
  ],
  [
    'quiet for a second less than a day',
    situation(usedAt(day - 1), { othersUsedAt }),
    false,
    /^Last used 23 h ago/,
  ],
  ['quiet for a day', situation(usedAt(day), { othersUsedAt }), true, /^Quiet for 24 h: safe to revoke\.$/],
  [
    'quiet, but the other was used before only',
    situation(usedAt(day), { othersUsedAt: [nowMs - 2 * day] }),
    false,
    /^Quiet for 24 h\. No other secret/,
  ],
  [
    'quiet, and its client proves itself by a key',
    situation(usedAt(day), { methods: ['private_key_jwt'] }),
    true,
    /^Quiet for 24 h: safe to revoke\.$/,
  ],
  ['revoked', situation({ revokedAt: nowMs }, { othersUsedAt }), false, /^Revoked\.$/],
  [
    'leaked',
    situation({ revokedAt: nowMs, leakedAt: nowMs }),
    false,
    /^Revoked: it was reported as leaked\.$/,
  ],
  ['expired', situation({ expiresAt: nowMs }, { othersUsedAt }), false, /^Expired\.$/],
] as const)
  test(`a secret that is ${what} is ${safe ? '' : 'not '}safe to revoke`, () => {
    assert.match(verdictOf(given), verdict)
    assert.equal(whyNotSafe(given) === undefined, safe)
  })

for (const [what, facts, state] of [
  ['without end', {}, 'alive'],
  ['with an end in 14 days and a millisecond', { expiresAt: nowMs + 14 * day + 1 }, 'alive'],
  ['with an end in 14 days', { expiresAt: nowMs + 14 * day }, 'expires_soon'],
  ['at its end', { expiresAt: nowMs }, 'expired'],
  ['that was revoked before it expired', { expiresAt: nowMs, revokedAt: nowMs - 1 }, 'revoked'],
] as const)
  test(`a secret ${what} is ${state}`, () => assert.equal(stateOf({ ...secret, ...facts }, nowMs), state))
