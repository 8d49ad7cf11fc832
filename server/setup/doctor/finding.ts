// What the doctor looks at and says.
import type { Config } from '../../config.ts'
import type { LookedAt } from '../../database/look.ts'

/** What was found, and what to do about it. */
export interface Finding {
  /** What was looked at. */
  check: string
  state: 'ok' | 'warning' | 'failure'
  text: string
  /** What to do; there where it is not ok. */
  fix?: string
}

export interface Patient {
  config: Config
  /** Undefined: there is no database yet. */
  database: LookedAt | undefined
  /** Whether the database has the tables of this release. */
  isMigrated: boolean
}

export type Check = (patient: Patient) => Promise<Finding[]>

export function ok(check: string, text: string): Finding {
  return { check, state: 'ok', text }
}

export function warning(check: string, text: string, fix: string): Finding {
  return { check, state: 'warning', text, fix }
}

export function failure(check: string, text: string, fix: string): Finding {
  return { check, state: 'failure', text, fix }
}

/** Days, rounded to one decimal below ten. */
export function daysText(ms: number): string {
  const days = ms / 86_400_000
  return `${days < 10 ? Math.round(days * 10) / 10 : Math.round(days)} days`
}
