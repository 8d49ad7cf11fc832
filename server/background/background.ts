// Periodic work that one of many nodes does: rotation by schedule, forgetting what nobody needs.
import type { Database } from '../database/tables.ts'
import type { Now } from '../vocabulary/clock.ts'
import { dropLease, takeLease } from './lease.ts'

export interface BackgroundOptions {
  db: Database
  now: Now
  /** This node, by a name that no other has. */
  holder: string
  /** Each by its name. All bear being done twice. */
  jobs: Record<string, () => Promise<void>>
  onError: (job: string, error: unknown) => void
}

export interface Background {
  /** From now on, until it is stopped. */
  start: () => void
  /** Does the work once, if this node has the lease or gets it. */
  run: () => Promise<void>
  /** Ends it; waits for work under way. */
  stop: () => Promise<void>
}

const everyMs = 10_000
/** Two turns may be missed; then another node takes over, within 30 s. */
const leaseMs = 25_000

export function createBackground({ db, now, holder, jobs, onError }: BackgroundOptions): Background {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let held = false

  async function work(): Promise<void> {
    try {
      held = await takeLease(db, 'background', holder, now(), leaseMs)
    } catch (error) {
      return onError('lease', error)
    }
    if (!held) return
    // One that fails does not keep the others from their turn.
    for (const [name, job] of Object.entries(jobs))
      await job().catch((error: unknown) => onError(name, error))
  }

  function run(): Promise<void> {
    running ??= work().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    run,
    start() {
      void run()
      timer = setInterval(() => void run(), everyMs)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      await running
      if (held) await dropLease(db, 'background', holder).catch(() => undefined)
    },
  }
}
