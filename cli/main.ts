// `latchkey COMMAND …`: what it comes to is an exit code, and a sentence when it did not work.
import { CommanderError, exitCodeOfCommander, toCliError } from './exit.ts'
import { createProgram } from './program.ts'
import { showError } from './terminal.ts'

async function run(words: readonly string[]): Promise<void> {
  try {
    await createProgram(words).parseAsync(words, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = exitCodeOfCommander(error)
      return
    }
    const known = toCliError(error)
    const end = words.includes('--') ? words.indexOf('--') : words.length
    showError(known, words.slice(0, end).includes('--json'))
    process.exitCode = known.exitCode
  }
}

// Whoever reads our output may have seen enough: `latchkey logs | head`.
process.stdout.on('error', (error: Error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit()
  throw error
})

await run(process.argv.slice(2))
