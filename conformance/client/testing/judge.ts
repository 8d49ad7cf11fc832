import { join } from 'node:path'
import { type ClientConformanceReport, runClientConformance } from '../run.ts'

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
