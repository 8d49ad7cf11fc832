// The client conformance kit: scores how any program gets, keeps and uses access tokens. See docs/guides/check-your-client.md.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Limits, type Program, ProgramNotReady, startProgram } from './program.ts'
import type { Finding, Scenario, Stage, Verdict } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'
import { type Credentials, startScriptedServer } from './scripted-server.ts'

export interface ClientConformanceOptions {
  /** The program and its words, for example `['python3', 'driver.py']`; no shell reads them. */
  command: readonly string[]
  /** The ids of the scenarios to run; all of them by default. */
  scenarios?: readonly string[] | undefined
  /** Called before and after each scenario. */
  onProgress?: ((progress: Progress) => void) | undefined
  /** Limits in milliseconds: 15,000 until `ready`, 10,000 for a call, 3,000 to end. */
  limits?: Partial<Limits> | undefined
}

export interface Progress {
  id: string
  title: string
  /** From 1 on. */
  number: number
  total: number
  /** Absent before the scenario runs. */
  result?: ScenarioResult
}

/** A row of the table. */
export interface ScenarioResult extends Finding {
  id: string
  title: string
  /** What was done. */
  what: string
  /** The end of what the program wrote, without the secret; for a bad row only. */
  wrote?: string
}

export interface ClientConformanceReport {
  /** The program as it was called. */
  command: string
  results: ScenarioResult[]
  /** 2 points for `best`, 1 for `acceptable`, 0 for `bad`; rows with `none` do not count. */
  points: number
  /** The points that all counted rows could have. */
  possible: number
  /** How often each verdict was given. */
  verdicts: Record<Verdict, number>
}

/** The run cannot begin: an unknown scenario, no command, or a program that does not take part. */
export class ClientConformanceError extends Error {}

/** The ids and titles of all scenarios, in their order. */
export const scenarioList: readonly { id: string; title: string; what: string }[] = scenarios.map(
  ({ id, title, what }) => ({ id, title, what }),
)

const defaultLimits: Limits = { readyMs: 15_000, callMs: 10_000, endMs: 3_000 }
const points: Record<Verdict, number> = { best: 2, acceptable: 1, bad: 0, none: 0 }

/**
 * Runs each scenario with a token endpoint and an API of its own on a free port of 127.0.0.1, and a new
 * process of the program. Takes about 40 seconds.
 *
 * @throws {ClientConformanceError} when the run cannot begin; it says why and what to do.
 *
 * @example
 * const report = await runClientConformance({ command: ['python3', 'driver.py'] })
 * console.log(describeReport(report))
 */
export async function runClientConformance(
  options: ClientConformanceOptions,
): Promise<ClientConformanceReport> {
  const chosen = chooseScenarios(options.scenarios)
  if (options.command.length === 0)
    throw new ClientConformanceError('Name the program: latchkey conformance client -- COMMAND')
  const results: ScenarioResult[] = []
  for (const [index, scenario] of chosen.entries()) {
    const { id, title, what } = scenario
    const progress = { id, title, number: index + 1, total: chosen.length }
    options.onProgress?.(progress)
    const finding = await runScenario(scenario, options, index === 0)
    const result = { id, title, what, ...finding }
    results.push(result)
    options.onProgress?.({ ...progress, result })
  }
  const counted = results.filter(({ verdict }) => verdict !== 'none')
  const verdicts: Record<Verdict, number> = { best: 0, acceptable: 0, bad: 0, none: 0 }
  for (const { verdict } of results) verdicts[verdict] += 1
  return {
    command: options.command.join(' '),
    results,
    points: counted.reduce((sum, { verdict }) => sum + points[verdict], 0),
    possible: counted.length * points.best,
    verdicts,
  }
}

function chooseScenarios(ids: readonly string[] | undefined): readonly Scenario[] {
  if (ids === undefined || ids.length === 0) return scenarios
  const unknown = ids.filter((id) => !scenarios.some((scenario) => scenario.id === id))
  if (unknown.length > 0)
    throw new ClientConformanceError(
      `There is no scenario ${unknown.join(', ')}. There are: ${scenarios.map(({ id }) => id).join(', ')}.`,
    )
  return scenarios.filter(({ id }) => ids.includes(id))
}

async function runScenario(
  scenario: Scenario,
  { command, limits }: ClientConformanceOptions,
  first: boolean,
): Promise<Finding & { wrote?: string }> {
  const known = makeCredentials()
  const given = scenario.wrongSecret ? makeCredentials() : known
  const elsewhere = await startScriptedServer(known, {})
  const script = typeof scenario.script === 'function' ? scenario.script(elsewhere) : (scenario.script ?? {})
  const server = await startScriptedServer(known, script)
  let program: Program | undefined
  try {
    program = await startProgram(command, environmentOf(server.url, given), { ...defaultLimits, ...limits })
    if (scenario.needs && program.lacking.has(scenario.needs))
      return { measured: '–', verdict: 'none', why: lackingTexts[scenario.needs] }
    const finding = await scenario.run(createStage(program, { server, elsewhere, given }))
    return finding.verdict === 'bad' ? { ...finding, wrote: endOf(program.output(), given) } : finding
  } catch (error) {
    if (!(error instanceof ProgramNotReady)) throw error
    const wrote = endOf(error.output, given)
    // A program that never started has no score.
    if (first) throw new ClientConformanceError(cannotTakePart(command, error.message, wrote))
    return { measured: 'did not start', verdict: 'bad', why: error.message, wrote }
  } finally {
    await program?.close()
    await Promise.all([server.close(), elsewhere.close()])
  }
}

const lackingTexts = {
  'api-calls': 'The client makes no API calls of its own.',
  abort: 'The client has no way to give up a call.',
}

function createStage(
  program: Program,
  { server, elsewhere, given }: Pick<Stage, 'server' | 'elsewhere'> & { given: Credentials },
): Stage {
  const url = `${server.url}/things`
  return {
    server,
    elsewhere,
    call: ({ abortAfterMs } = {}) => program.call(url, abortAfterMs),
    together: (count) => Promise.all(Array.from({ length: count }, () => program.call(url))),
    async oneByOne(count, pauseMs = 0) {
      const outcomes = []
      const startedMs = performance.now()
      for (let number = 0; number < count; number += 1) {
        await sleep(Math.max(0, startedMs + number * pauseMs - performance.now()))
        outcomes.push(await program.call(url))
      }
      return outcomes
    },
    end: program.close,
    output: program.output,
    secretForms: formsOf(given),
  }
}

function makeCredentials(): Credentials {
  const random = () => randomBytes(16).toString('hex')
  return { clientId: `conformance-${random().slice(0, 8)}`, clientSecret: `canary${random()}` }
}

/** As it is, and as it stands behind `Basic `. */
function formsOf({ clientId, clientSecret }: Credentials): string[] {
  const base64 = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  return [
    clientSecret,
    base64.replace(/=+$/, ''),
    Buffer.from(clientSecret).toString('base64').replace(/=+$/, ''),
  ]
}

/** The environment of this process, with settings of other clients taken out. */
function environmentOf(url: string, { clientId, clientSecret }: Credentials): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name.startsWith('LATCHKEY_') ? [] : [[name, value] as const],
  )
  return {
    ...Object.fromEntries(inherited),
    LATCHKEY_URL: url,
    LATCHKEY_CLIENT_ID: clientId,
    LATCHKEY_CLIENT_SECRET: clientSecret,
    LATCHKEY_SCOPES: 'things_read',
    CONFORMANCE_TOKEN_URL: `${url}/oauth/connect/token`,
    CONFORMANCE_ISSUER: `${url}/oauth`,
  }
}

function endOf(output: string, given: Credentials): string {
  return formsOf(given)
    .reduce((text, form) => text.replaceAll(form, '****'), output)
    .slice(-2000)
}

function cannotTakePart(command: readonly string[], reason: string, wrote: string): string {
  return [
    `${command.join(' ')} cannot take part. ${reason}`,
    'It has to write the line "ready" to its standard output, then to answer each line of its input: see docs/guides/check-your-client.md.',
    ...(wrote.trim() === '' ? [] : [`It wrote:\n${wrote.trim()}`]),
  ].join('\n')
}
