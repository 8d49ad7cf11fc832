// What a command writes: results to standard output, everything else to standard error.
import { createInterface } from 'node:readline/promises'
import { styleText } from 'node:util'
import { type CliError, usageError } from './exit.ts'

/** How a command writes and asks. */
export interface Terminal {
  /** Results as JSON. */
  isJson: boolean
  /** Whether somebody sits there who can answer. */
  mayAsk: boolean
  /** A line of the result. */
  print: (text: string) => void
  /** The result for programs; nothing without --json. */
  printJson: (value: unknown) => void
  /** A line on what is under way, or on what should be known: never part of the result. */
  note: (text: string) => void
  /** Of what matters in a line. */
  strong: (text: string) => string
  /** @throws {CliError} when nobody can answer. */
  confirm: (question: string, flag: string) => Promise<void>
}

interface Wish {
  json: boolean
  input: boolean
  color: boolean
}

export function openTerminal({ json, input, color }: Wish): Terminal {
  const { stdin, stdout, stderr } = process
  const mayAsk = input && stdin.isTTY === true && stderr.isTTY === true
  const print = (text: string) => stdout.write(`${text}\n`)
  return {
    isJson: json,
    mayAsk,
    print,
    printJson: (value) => print(JSON.stringify(value, null, 2)),
    note: (text) => stderr.write(`${text}\n`),
    // styleText looks at the stream, at NO_COLOR and at FORCE_COLOR.
    strong: (text) => (color && !json ? styleText('bold', text, { stream: stdout }) : text),
    async confirm(question, flag) {
      if (!mayAsk) throw usageError(`${question} Nobody can answer here: say ${flag} to go ahead.`)
      const asking = createInterface({ input: stdin, output: stderr })
      const answer = await asking.question(`${question} Go ahead? [y/N] `).finally(() => asking.close())
      if (!/^y(es)?$/i.test(answer.trim())) throw usageError('Nothing was changed.')
    },
  }
}

/** Columns that stand under each other; a row has no trailing spaces. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Names with their values, a line each. */
export function factsOf(facts: readonly (readonly [string, string])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length))
  return facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd()).join('\n')
}

/** A moment to the second, in UTC, as all of Latchkey writes it; a dash for none. */
export function timeText(iso: string | null | undefined): string {
  return iso ? `${iso.slice(0, 19)}Z` : '-'
}

/** Shows what went wrong. For programs it is one JSON object, on standard error all the same. */
export function showError(error: CliError, isJson: boolean): void {
  const { message, exitCode, facts } = error
  const { code, requestId, fixUrl, details = [] } = facts
  if (isJson) {
    const value = { message, exitCode, code, requestId, fixUrl, ...(details.length > 0 && { details }) }
    process.stderr.write(`${JSON.stringify({ error: value })}\n`)
    return
  }
  const lines = [
    `latchkey: ${message}`,
    ...details.map((detail) => `  - ${detail}`),
    ...(fixUrl ? [`Mend it: ${fixUrl}`] : []),
    ...(requestId ? [`Request: ${requestId}`] : []),
  ]
  process.stderr.write(`${lines.join('\n')}\n`)
}

/** All of standard input, which must hold something. */
export async function readStdin(what: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(`Paste ${what}, then press Enter and Ctrl-D.\n`)
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk
  if (text.trim() === '') throw usageError(`Standard input is empty: send ${what}.`)
  return text.trim()
}
