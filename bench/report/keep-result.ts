import { readFileSync, writeFileSync } from 'node:fs'
import { describeMachine, loadAverage } from '../measure/machine.ts'
import type { Options } from '../options.ts'

/** What a bench gives back: the report to read, and everything that was measured. */
export interface Measured {
  lines: string[]
  result: object
}

/** Writes bench/results/DATE-WHAT.json. @returns its path from the root of the repository. */
export function keepResult(what: string, options: Options, result: object): string {
  const date = new Date().toISOString()
  const file = `results/${date.slice(0, 10)}-${what}.json`
  const { readme: _, ...settings } = options
  const kept = { date, machine: describeMachine(), settings, loadAverageAtEnd: loadAverage(), ...result }
  writeFileSync(new URL(`../${file}`, import.meta.url), `${JSON.stringify(kept, null, 2)}\n`)
  return `bench/${file}`
}

/** Replaces what stands between the two marks of this bench in bench/README.md. */
export function writeReadme(what: string, text: string): void {
  const file = new URL('../README.md', import.meta.url)
  const [begin, end] = [`<!-- ${what} -->`, `<!-- end of ${what} -->`]
  const [before, rest] = readFileSync(file, 'utf8').split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`bench/README.md lacks ${begin}.`)
  const date = new Date().toISOString().slice(0, 10)
  writeFileSync(file, `${before}${begin}\nMeasured on ${date}.\n\n${text}\n${end}${after}`)
}
