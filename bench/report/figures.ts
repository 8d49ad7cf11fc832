// How numbers are written in a report.
import type { Spread } from '../measure/spread.ts'

/** `8,123 (7,990–8,210)`: median, then min–max; a dash where it could not be measured. */
export function withSpread(value: Spread | undefined, digits = 0): string {
  if (!value) return '–'
  return `${number(value.median, digits)} (${number(value.min, digits)}–${number(value.max, digits)})`
}

export function number(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '–' : `${number(bytes / 1e6)} MB`
}

/** `0.80 (0.78–0.83), goal >= 0.75: reached` */
export function againstGoal(value: Spread, goal: number): string {
  return `${withSpread(value, 2)}, goal >= ${goal}: ${value.median >= goal ? 'reached' : 'MISSED'}`
}
