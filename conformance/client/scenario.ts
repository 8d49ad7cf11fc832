import type { CallOutcome, Capability, ProgramEnd } from './program.ts'
import type { Script, ScriptedServer } from './scripted-server.ts'

/** `none`: the client does not have what the row is about, so it gets no points and loses none. */
export type Verdict = 'best' | 'acceptable' | 'bad' | 'none'

/** What came out of one scenario. */
export interface Finding {
  /** The measured value as the table shows it, for example `1 token request`. */
  measured: string
  verdict: Verdict
  /** Why this verdict, in a sentence. */
  why: string
  /** What to change; absent where nothing is better. */
  advice?: string
}

/** What a scenario can do and look at. */
export interface Stage {
  server: ScriptedServer
  /** Another origin: what arrives there was carried by a redirect. */
  elsewhere: ScriptedServer
  /** One call of the API. */
  call: (options?: { abortAfterMs?: number }) => Promise<CallOutcome>
  /** Calls started together. */
  together: (count: number) => Promise<CallOutcome[]>
  /** Calls one after the other, with a pause between their starts. */
  oneByOne: (count: number, pauseMs?: number) => Promise<CallOutcome[]>
  /** Ends the program's input and waits for its end. */
  end: () => Promise<ProgramEnd>
  /** Everything that the program wrote until now. */
  output: () => string
  /** The secret in each form in which it may have been written. */
  secretForms: readonly string[]
}

export interface Scenario {
  /** How `--scenario` calls it. */
  id: string
  /** The row's name in the table. */
  title: string
  /** What is done. */
  what: string
  /** Without it the row is left out. */
  needs?: Capability
  script?: Script | ((elsewhere: { url: string }) => Script)
  /** The program gets a secret that the server does not know. */
  wrongSecret?: boolean
  run: (stage: Stage) => Promise<Finding>
}

/** `1 token request`, `3 token requests`. */
export function count(number: number, name: string): string {
  return `${number} ${name}${number === 1 ? '' : 's'}`
}

/** undefined when every call was answered 200; else the finding that they were not, which outweighs any count. */
export function failures(outcomes: readonly CallOutcome[]): Finding | undefined {
  const failed = outcomes.filter(({ status }) => status !== 200)
  if (failed.length === 0) return undefined
  const reasons = [...new Set(failed.map(describeOutcome))].join(', ')
  return {
    measured: `${failed.length} of ${count(outcomes.length, 'call')} failed: ${reasons}`,
    verdict: 'bad',
    why: 'Calls that had to succeed did not.',
    advice: 'Run this scenario alone and read what the program wrote.',
  }
}

export function describeOutcome({ kind, status }: CallOutcome): string {
  if (kind === 'answered') return `answered ${status}`
  if (kind === 'error') return 'error'
  return kind === 'silent' ? 'no answer in time' : 'the program had ended'
}

/** The verdict for a count of which fewer is better. */
export function byCount(number: number, best: number, acceptable: number): Verdict {
  if (number <= best) return 'best'
  return number <= acceptable ? 'acceptable' : 'bad'
}
