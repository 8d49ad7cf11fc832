import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeReuse } from './reuse.ts'

const usual = { activeHours: 1, tokenLifetimeSeconds: 3600, callsElsewhere: false }

for (const [what, facts, verdict, healthyPercent, sentence] of [
  [
    'a token per call',
    { tokenRequests: 98, apiCalls: 100 },
    'poor',
    5,
    /^98 of 100: your code asks for a token per call/,
  ],
  [
    'a token for all calls',
    { tokenRequests: 1, apiCalls: 5000 },
    'healthy',
    100,
    /^1 token request for 5000 API calls: tokens are reused/,
  ],
  [
    'a token each hour for a call an hour',
    { tokenRequests: 24, apiCalls: 24, activeHours: 24 },
    'healthy',
    100,
    /tokens are reused/,
  ],
  ['24 tokens in one hour for 24 calls', { tokenRequests: 24, apiCalls: 24 }, 'poor', 13, /^100 of 100/],
  [
    'tokens that live a minute',
    { tokenRequests: 60, apiCalls: 100, tokenLifetimeSeconds: 60 },
    'healthy',
    100,
    /reused/,
  ],
  [
    'a token for each third call',
    { tokenRequests: 35, apiCalls: 100 },
    'fair',
    68,
    /^35 token requests for 100 API calls/,
  ],
  [
    'few calls',
    { tokenRequests: 19, apiCalls: 19 },
    'too_few_calls',
    null,
    /^19 API calls seen here: too few/,
  ],
  [
    'no calls',
    { tokenRequests: 500, apiCalls: 0 },
    'no_calls_seen',
    null,
    /^500 token requests, and no calls seen here/,
  ],
  [
    'calls that may be elsewhere',
    { tokenRequests: 98, apiCalls: 100, callsElsewhere: true },
    'calls_elsewhere',
    null,
    /guarded elsewhere/,
  ],
  [
    'health in spite of calls elsewhere',
    { tokenRequests: 2, apiCalls: 100, callsElsewhere: true },
    'healthy',
    100,
    /reused/,
  ],
] as const)
  test(`${what} is judged ${verdict}`, () => {
    const health = judgeReuse({ ...usual, ...facts })
    assert.deepEqual([health.verdict, health.healthyPercent], [verdict, healthyPercent])
    assert.match(health.sentence, sentence)
  })
