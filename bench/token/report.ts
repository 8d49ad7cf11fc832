import type { Calibration } from '../measure/calibration.ts'
import type { Round } from '../measure/rounds.ts'
import { type Ratios, ratios, usableRounds } from '../measure/usable-rounds.ts'
import type { Options } from '../options.ts'
import { againstGoal, megabytes, number, withSpread } from '../report/figures.ts'
import type { Measured } from '../report/keep-result.ts'
import { candidateTable, conditions } from '../report/summary.ts'

export interface TokenRun {
  options: Options
  warmups: Round[]
  rounds: Round[]
  rss: Record<string, number | undefined>
  startedBytes: number | undefined
  idleBytes: number | undefined
  /** Entries of activity after the stop. */
  recorded: number
  calibrations: Calibration[]
}

const goals = { ofLimit: 0.75, ofOidcProvider: 1.5, ofUnrecorded: 0.85, idleBytes: 150e6 }

export function tokenReport(run: TokenRun): Measured {
  const { options, warmups, rounds, rss, startedBytes, idleBytes, recorded, calibrations } = run
  const { usable } = usableRounds(rounds)
  const ofLimit = ratios(usable, 'latchkey', 'limit')
  const ofLimitTogether = ratios(usable, 'latchkey', 'limit together')
  const ofUnrecorded = ratios(usable, 'latchkey', 'latchkey unrecorded')
  const ofOidcProvider = ratios(usable, 'latchkey', 'oidc-provider')
  const lines = [
    ...candidateTable(rounds, rss),
    '',
    `- latchkey / limit: ${againstGoal(ofLimit.speed, goals.ofLimit)}${byProcessor(ofLimit)}`,
    `- latchkey / limit together: ${withSpread(ofLimitTogether.speed, 2)}, no goal: what is left to gain${byProcessor(ofLimitTogether)}`,
    `- latchkey / oidc-provider: ${againstGoal(ofOidcProvider.speed, goals.ofOidcProvider)}${byProcessor(ofOidcProvider)}`,
    `- latchkey / latchkey unrecorded: ${againstGoal(ofUnrecorded.speed, goals.ofUnrecorded)}${byProcessor(ofUnrecorded)}. Recording costs ${percent(ofUnrecorded.speed.median)} of the rate, goal <= 15 %`,
    `- Memory of latchkey with 1,000 clients: ${megabytes(startedBytes)} 3 s after its start; idle, 30 s after it, ${megabytes(idleBytes)}, goal < 150 MB${
      idleBytes === undefined ? '' : `: ${idleBytes < goals.idleBytes ? 'reached' : 'MISSED'}`
    }`,
    `- ${describeRecords(recorded, warmups, rounds, options)}`,
    '- Answers other than 2xx: 0 (a single one ends the run).',
    ...conditions(rounds, calibrations, options).map((line) => `- ${line}`),
  ]
  return {
    lines,
    result: {
      ...run,
      options: undefined,
      ratios: { ofLimit, ofLimitTogether, ofOidcProvider, ofUnrecorded },
      goals,
    },
  }
}

/** What is lacking to one. */
function percent(ratio: number): string {
  return `${number(100 * (1 - ratio), 1)} %`
}

function byProcessor({ processor }: Ratios): string {
  return processor ? `. By processor time: ${withSpread(processor, 2)}` : ''
}

/** @throws {Error} when a request was answered and not recorded. */
function describeRecords(recorded: number, warmups: Round[], rounds: Round[], options: Options): string {
  const own = [...warmups, ...rounds].filter((round) => round.name === 'latchkey')
  // One more was sent to look at its answer.
  const answered = own.reduce((sum, round) => sum + round.answered, 1)
  const inFlight = own.length * options.connections
  if (recorded < answered || recorded > answered + inFlight) {
    throw new Error(`latchkey answered ${answered} token requests and recorded ${recorded}.`)
  }
  return `Recorded in the files of the day: ${number(recorded)} token requests; answers counted: ${number(answered)} (the other ${
    recorded - answered
  } were on their way when a round ended).`
}
