import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ClientConformanceReport, runClientConformance } from '../run.ts'
import type { Verdict } from '../scenario.ts'

export const limits = { readyMs: 10_000, callMs: 8000, endMs: 2000 }
export const faultyDriver = join(import.meta.dirname, 'faulty-driver.ts')

/** What the kit says of a program with this fault. */
export function judge(
  fault: string,
  scenarios: string[],
  changed: Partial<typeof limits> = {},
): Promise<ClientConformanceReport> {
  const command = [process.execPath, faultyDriver, fault]
  return runClientConformance({ command, scenarios, limits: { ...limits, ...changed } })
}

/** Declares the test that a fault gets this verdict in one scenario, for what was measured. */
export function testFault(fault: string, scenario: string, verdict: Verdict, measured: RegExp): void {
  test(`the fault "${fault}" makes ${scenario} ${verdict}`, async () => {
    const { results, verdicts } = await judge(fault, [scenario])
    assert.deepEqual(
      results.map((result) => result.verdict),
      [verdict],
    )
    assert.match(results[0]?.measured ?? '', measured)
    assert.equal(verdicts[verdict], 1)
  })
}
