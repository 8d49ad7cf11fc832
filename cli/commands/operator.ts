// What an operator does on the machine of the server: declared here for help and completion, done by server/main.ts.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Command, Option } from 'commander'

const serverFile = join(import.meta.dirname, '../../server/main.ts')

/** @param words the whole call: the server reads its part of them itself. */
export function addOperatorCommands(program: Command, words: readonly string[]): void {
  const hand = (first: string, command: Command) =>
    command.action(() => runServer(words.slice(words.indexOf(first)), first === 'start'))
  const add = (parent: Command, usage: string, summary: string) => parent.command(usage).description(summary)
  const json = (command: Command) => command.option('--json', 'answer with JSON')

  hand('start', add(program, 'start', 'start the server: dashboard, token endpoint and APIs, on one port'))
  hand('apply', json(add(program, 'apply', 'bring accounts, clients and APIs to a declared state'))).argument(
    '<file>',
    'the declared set-up, JSON',
  )
  hand('migrate', json(add(program, 'migrate', 'bring the database to the schema of this release'))).option(
    '--check',
    'only say which steps are missing; exit code 1 if any',
  )
  hand('doctor', json(add(program, 'doctor', 'check clock, database, keys, address, TLS, disk and mail')))

  const config = add(program, 'config', 'check and explain the settings of the server')
  hand('config', json(add(config, 'check', 'read all settings, and say everything that is wrong')))
  hand(
    'config',
    json(add(config, 'explain', 'what a setting is for, and where it has its value from')),
  ).argument('<name>', 'e.g. LATCHKEY_PUBLIC_URL')

  const admin = add(program, 'admin', 'let people in')
  hand(
    'admin',
    json(add(admin, 'set-up-link', 'a link by which somebody becomes an operator, once, for 30 minutes')),
  ).option('--account <id>', 'by default the account operators')
  hand(
    'admin',
    json(add(admin, 'reset-link', 'a link by which a person chooses a new password, once, for 30 minutes')),
  ).argument('<email>')

  const keys = add(program, 'keys', 'look at and rotate the signing keys')
  hand('keys', json(add(keys, 'list', 'the signing keys and their times')))
  hand('keys', json(add(keys, 'rotate', 'a new key is published, and signs in 24 hours')))
    .option('--now', 'the same in 10 minutes')
    .option('--emergency', 'it signs at once; the old keys and all their tokens are dead at once')
    .addOption(
      new Option('--algorithm <name>', 'by default that of the key that signs now').choices([
        'ES256',
        'EdDSA',
        'RS256',
      ]),
    )

  const audit = add(program, 'audit', 'verify and export who changed what')
  hand('audit', json(add(audit, 'verify', 'is the audit trail as it was written?')))
    .option('--head <hash>', 'is the trail of that earlier time still in it?')
    .option('--file <file>', 'of an export, without the database')
  hand('audit', json(add(audit, 'export', 'all of it as JSON lines'))).argument('<file>', 'a new file')

  hand('signer', add(program, 'signer', 'a process that holds the private keys, for LATCHKEY_SIGNER'))
    .option('--socket <file>', 'where it answers')
    .option('--keys <folder>', 'where the keys are')
}

/** Runs the server's own program; its exit code is ours. */
async function runServer(words: readonly string[], isServer: boolean): Promise<void> {
  // A small young generation keeps an idle server under 150 MB; tokens are short-lived either way.
  const flags = isServer ? ['--max-semi-space-size=8'] : []
  const child = spawn(process.execPath, [...flags, serverFile, ...words], { stdio: 'inherit' })
  // Ctrl-C reaches the child by itself: both are in the terminal's group. Other signals are passed on.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
