import { wait } from './wait.ts'

/** One piece of work that many wait for. */
export interface Flight<Result> {
  /** Waits for the result. An abort ends this wait only. */
  join: (signal: AbortSignal | undefined) => Promise<Result>
  /** True once the last waiter has gone: whoever comes now needs a new flight. */
  cancelled: () => boolean
}

/**
 * Starts the work. When the last of its waiters aborts, nobody needs it, and its signal aborts too; in the
 * background it goes on without anybody.
 */
export function startFlight<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { background }: { background: boolean },
): Flight<Result> {
  const controller = new AbortController()
  const result = work(controller.signal)
  // A failure that nobody waits for is no unhandled rejection; whoever waits still gets it.
  result.catch(() => undefined)
  let waiting = 0
  return {
    cancelled: () => controller.signal.aborted,
    async join(signal) {
      waiting += 1
      try {
        return await wait(result, signal)
      } finally {
        waiting -= 1
        if (waiting === 0 && !background) controller.abort()
      }
    },
  }
}
