// The other faults, programs that hang, the example drivers, and our own SDK through all scenarios.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { describeReport } from './report.ts'
import { runClientConformance } from './run.ts'
import { judge, testFault } from './testing/judge.ts'

for (const [fault, scenario, verdict, measured] of [
  ['a token for each call', 'in-a-row', 'bad', /^20 token requests$/],
  ['never renews', 'in-a-row', 'best', /^1 token request$/],
  ['never renews', 'revoked-parallel', 'bad', /^50 of 50 calls failed: answered 401$/],
  ['prints its header', 'secret-in-error', 'bad', /^yes$/],
  ['says nothing of errors', 'secret-in-error', 'none', /^not shown$/],
  ['calls without a token', 'no-token-no-call', 'bad', /^3 calls$/],
  ['sends the secret in the body', 'authentication', 'acceptable', /^body$/],
  ['sends the secret in the body', 'token-redirect', 'bad', /^secret sent$/],
  ['repeats 403', 'forbidden', 'bad', /^5 repeated calls$/],
  ['lacks both', 'forbidden', 'none', /^–$/],
  ['crashes', 'in-a-row', 'bad', /^20 of 20 calls failed: the program had ended$/],
] as const)
  testFault(fault, scenario, verdict, measured)

test('a program that hangs, or stays when its input has ended, is ended with all that it started', async () => {
  for (const [fault, scenario, verdict] of [
    ['hangs', 'revoked', 'bad'],
    ['stays', 'bad-secret', 'bad'],
  ] as const) {
    const { results } = await judge(fault, [scenario], { callMs: 100, endMs: 100 })
    assert.equal(results[0]?.verdict, verdict)
    const ids =
      /^processes (\d+) (\d+)$/m
        .exec(results[0]?.wrote ?? '')
        ?.slice(1)
        .map(Number) ?? []
    assert.equal(ids.length, 2)
    for (const id of ids) assert.ok(await isGone(id), `${fault}: process ${id} is still there`)
  }
})

test('our own SDK is best in every scenario', async () => {
  const sdk = join(import.meta.dirname, '..', '..', 'bench', 'clients', 'latchkey.ts')
  const report = await runClientConformance({ command: [process.execPath, sdk] })
  assert.ok(
    report.results.every(({ verdict }) => verdict === 'best'),
    describeReport(report),
  )
})

for (const [program, file, expected] of [
  ['python3', 'driver.py', /^Score: 29 of 40 points \(14 best, 1 acceptable, 5 bad; 1 left out\)\.$/m],
  ['bash', 'curl.sh', /^Score: 15 of 36 points \(7 best, 1 acceptable, 10 bad; 3 left out\)\.$/m],
] as const)
  test(`the example in ${program} takes part, with the score that the guide says`, {
    skip: has(program) && has('curl') ? false : `${program} or curl is not installed`,
  }, async () => {
    const report = await runClientConformance({
      command: [program, join(import.meta.dirname, 'drivers', file)],
    })
    assert.match(describeReport(report), expected)
    assert.doesNotMatch(JSON.stringify(report), /canary/)
  })

function has(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0
}

/** It may take a moment until a process that was ended is gone. */
async function isGone(id: number): Promise<boolean> {
  for (let step = 0; step < 200; step += 1) {
    try {
      process.kill(id, 0)
    } catch {
      return true
    }
    // Ended, and waiting for a parent that has gone too.
    const state = readState(id)
    if (state === 'Z') return true
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return false
}

function readState(id: number): string | undefined {
  try {
    return /\) (\w)/.exec(readFileSync(`/proc/${id}/stat`, 'utf8'))?.[1]
  } catch {
    return undefined
  }
}
