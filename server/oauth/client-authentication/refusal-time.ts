// When a refusal is answered: never by what was done for it (docs/decisions/0004-refusal-time.md).
import { randomInt } from 'node:crypto'

/** How long a refusal takes at least. */
const refusalMs = 20
/** Refusals leave on a grid of this width: one look at all that wait, and no timer that rounds by when it was set. */
const gridMs = 5

interface Waiting {
  dueAt: number
  leave: () => void
}

let waiting: Waiting[] = []
let timer: NodeJS.Timeout | undefined

/**
 * Resolves when a refusal may be answered.
 * @param arrivedAt milliseconds on the monotonic clock: when the request began to be looked at. Nothing that was done
 *   since then shows in the answer's time, as long as it took less than the floor.
 */
export function refusalDue(arrivedAt: number): Promise<void> {
  return new Promise((leave) => {
    waiting.push({ dueAt: arrivedAt + refusalMs, leave })
    timer ??= setInterval(releaseDue, gridMs)
  })
}

function releaseDue(): void {
  const now = performance.now()
  const due = waiting.filter(({ dueAt }) => dueAt <= now)
  waiting = waiting.filter(({ dueAt }) => dueAt > now)
  if (waiting.length === 0) {
    clearInterval(timer)
    timer = undefined
  }
  // In any order: that in which they came to wait would tell the shorter way from the longer one.
  for (let left = due.length; left > 0; left -= 1) {
    const [next] = due.splice(randomInt(left), 1)
    next?.leave()
  }
}
