import { parseArgs } from 'node:util'

const measurables = ['token', 'guard', 'activity', 'clients', 'sdk', 'dashboard'] as const

export type Measurable = (typeof measurables)[number]

/** What is measured, and how long. */
export interface Options {
  what: Measurable
  rounds: number
  /** Of one round of one candidate. */
  seconds: number
  /** Before the first round, for each candidate; its numbers are thrown away. */
  warmupSeconds: number
  /** Open connections; each sends its next request when the answer to the last one has come. */
  connections: number
  /** True: the table also goes into bench/README.md. */
  readme: boolean
}

export class BadOptions extends Error {}

export const usage = `npm run bench -- ${measurables.join('|')} [--rounds 5] [--seconds 4] [--warmup 10] [--connections 50] [--readme]`

/** @throws {BadOptions} when the words are not those of `usage`. */
export function readOptions(args: string[]): Options {
  const { values, positionals } = parse(args)
  const [word, ...rest] = positionals
  const what = measurables.find((one) => one === word)
  if (what === undefined || rest.length > 0)
    throw new BadOptions(`Say what to measure: one of ${measurables.join(', ')}.`)
  return {
    what,
    rounds: count('rounds', values.rounds),
    seconds: count('seconds', values.seconds),
    warmupSeconds: count('warmup', values.warmup),
    connections: count('connections', values.connections),
    readme: values.readme,
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '4' },
        warmup: { type: 'string', default: '10' },
        connections: { type: 'string', default: '50' },
        readme: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new BadOptions(error instanceof Error ? error.message : String(error))
  }
}

function count(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= 600) return value
  throw new BadOptions(`--${name} is ${JSON.stringify(text)}. Allowed: a whole number from 1 to 600.`)
}
