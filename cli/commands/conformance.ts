// `latchkey conformance client -- COMMAND`: how well a program of any language gets, keeps and uses tokens.
import type { Command } from 'commander'
import { addCommand, type Context, contextOf } from '../command.ts'
import { exitCodes, usageError } from '../exit.ts'

export function addConformanceCommands(program: Command): void {
  const conformance = program.command('conformance').description('measure how programs use access tokens')
  addCommand(
    conformance,
    'client',
    'score an HTTP client against a scripted server, in half a minute; exit code 1 when a row is bad',
  )
    .option('--scenario <id>', 'only this one; repeat it for more', collect)
    .argument('<command...>', 'the program and its words, behind --')
    .passThroughOptions()
    .action((words: string[], flags: { scenario?: string[] }, command: Command) =>
      score(contextOf(command), words, flags.scenario),
    )
}

async function score(
  { terminal }: Context,
  command: string[],
  scenarios: string[] | undefined,
): Promise<void> {
  // Loaded here alone: no other command needs it.
  const { ClientConformanceError, runClientConformance } = await import('../../conformance/client/run.ts')
  const { describeReport } = await import('../../conformance/client/report.ts')
  const report = await runClientConformance({
    command,
    scenarios,
    onProgress({ number, total, title, result }) {
      if (result) terminal.note(`${number} of ${total}  ${title}: ${result.verdict}`)
    },
  }).catch((error: unknown) => {
    throw error instanceof ClientConformanceError ? usageError(error.message) : error
  })
  if (terminal.isJson) terminal.printJson(report)
  else terminal.print(describeReport(report).trimEnd())
  if (report.verdicts.bad > 0) process.exitCode = exitCodes.failed
}

function collect(text: string, before: string[] = []): string[] {
  return [...before, text]
}
