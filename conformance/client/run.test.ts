// The kit judges programs with known faults as they deserve; the rest is in run.long.test.ts.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { describeReport, exitCodeOf } from './report.ts'
import { ClientConformanceError, runClientConformance, scenarioList } from './run.ts'
import { faultyDriver, judge, limits, testFault } from './testing/judge.ts'

for (const [fault, scenario, verdict, measured] of [
  ['a token for each call', 'parallel-cold', 'bad', /^100 token requests$/],
  ['never renews', 'revoked', 'bad', /^answered 401, and again$/],
  ['prints the secret', 'secret-in-error', 'bad', /^yes$/],
  ['leaves a rejection unhandled', 'bad-secret', 'bad', /^the program ended with 1$/],
  ['leaves early', 'in-a-row', 'bad', /^19 of 20 calls failed: the program had ended$/],
] as const)
  testFault(fault, scenario, verdict, measured)

test('a program that cannot take part is told why, and its secret is not repeated', async () => {
  await assert.rejects(judge('ends at once', ['revoked']), (error) => {
    assert.ok(error instanceof ClientConformanceError)
    assert.match(
      error.message,
      /cannot take part\. It ended before it said ready\.\n.*\nIt wrote:\nThe secret is \*{4}\.$/,
    )
    return true
  })
  await assert.rejects(
    judge('never ready', ['revoked'], { readyMs: 300, endMs: 100 }),
    /did not say ready within 0\.3 s/,
  )
  await assert.rejects(
    runClientConformance({ command: ['no-such-program-here'] }),
    /no-such-program-here cannot take part/,
  )
  await assert.rejects(runClientConformance({ command: [] }), /Name the program/)
  await assert.rejects(judge('', ['revokd']), /There is no scenario revokd\. There are: parallel-cold, /)
})

test('progress is told before and after each scenario; the table names value, verdict, reason and what to do', async () => {
  const told: string[] = []
  const report = await runClientConformance({
    command: [process.execPath, faultyDriver, 'never renews'],
    scenarios: ['revoked', 'in-a-row'],
    limits,
    onProgress: ({ id, number, total, result }) =>
      told.push(`${number}/${total} ${id} ${result?.verdict ?? '…'}`),
  })
  assert.deepEqual(told, ['1/2 in-a-row …', '1/2 in-a-row best', '2/2 revoked …', '2/2 revoked bad'])
  assert.equal(exitCodeOf(report), 1)
  assert.equal(
    describeReport(report),
    [
      'scenario                  measured                 verdict',
      '------------------------  -----------------------  -------',
      '20 calls in a row         1 token request          best',
      'Token revoked, next call  answered 401, and again  BAD',
      '',
      '- Token revoked, next call: It goes on with a dead token until that would have expired.',
      '  What to do: On 401 invalid_token drop this token, get one new token, and repeat the call once.',
      '',
      'Score: 2 of 4 points (1 best, 0 acceptable, 1 bad).',
      '',
    ].join('\n'),
  )
})

test('the guide lists every scenario, in the order of the table', () => {
  const text = readFileSync(new URL('../../docs/guides/check-your-client.md', import.meta.url), 'utf8')
  const rows = [...text.matchAll(/^\| `([a-z0-9-]+)` +\| (.+?) +\|/gm)].map(([, id, title]) => ({
    id,
    title,
  }))
  assert.deepEqual(
    rows,
    scenarioList.map(({ id, title }) => ({ id, title })),
  )
})
