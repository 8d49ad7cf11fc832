import { setTimeout as sleep } from 'node:timers/promises'
import { readMachine } from './machine.ts'

const lookMs = 400
/** Share of the machine that others may use for a round to begin. */
const quietShare = 0.07

/**
 * Waits for a moment in which nobody else works on this machine.
 * @returns false when none came in time: the round begins all the same, and says so.
 */
export async function waitForQuiet(longestMs: number): Promise<boolean> {
  const deadline = performance.now() + longestMs
  do {
    const before = readMachine()
    await sleep(lookMs)
    const after = readMachine()
    if (!before || !after) return true
    if ((after.busy - before.busy) / (after.total - before.total) < quietShare) return true
  } while (performance.now() < deadline)
  return false
}
