import type { Now } from '../vocabulary/clock.ts'
import { windowOf } from './counter.ts'

/** Tells the operator something once a minute, however often it happens. */
export type Alert = (key: string, facts: object, text: string) => void

/** Whoever attacks from thousands of addresses does not fill the log. */
const alertsPerMinute = 50

export function createAlerts(now: Now, warn: (facts: object, text: string) => void): Alert {
  let currentWindow = 0
  let told = new Set<string>()
  return (key, facts, text) => {
    const window = windowOf(now())
    if (window !== currentWindow) {
      currentWindow = window
      told = new Set()
    }
    if (told.has(key) || told.size >= alertsPerMinute) return
    told.add(key)
    warn(facts, text)
  }
}
