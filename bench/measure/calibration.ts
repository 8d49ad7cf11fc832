import { fileURLToPath } from 'node:url'
import { cores, runPinned } from '../servers/pinned.ts'

/** What the servers' core does in a fixed loop. */
export interface Calibration {
  es256PerSecond: number
  sha256PerSecond: number
}

export async function calibrate(): Promise<Calibration> {
  return JSON.parse(
    await runPinned(cores.server, [fileURLToPath(new URL('./calibrate.ts', import.meta.url))]),
  )
}
