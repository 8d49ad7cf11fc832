// What an operator does with the program beside the running server: `node server/main.ts COMMAND …`, or by the command
// line `latchkey COMMAND …`. With --json the answer is JSON.
import { adminCommand } from './admin-command.ts'
import { applyCommand } from './apply-command.ts'
import { auditCommand } from './audit-command.ts'
import { configCommand } from './config-command.ts'
import { doctorCommand } from './doctor-command.ts'
import { keysCommand } from './keys-command.ts'
import { migrateCommand } from './migrate-command.ts'
import { signerCommand } from './signer-command.ts'
import { UsageError } from './usage-error.ts'

const usage = `Commands:
  node server/main.ts [start]              the server
  node server/main.ts apply FILE           brings accounts, clients and APIs to a declared state
  node server/main.ts migrate [--check]    brings the database to the schema of this release, or says what is missing
  node server/main.ts doctor               checks clock, database, keys, address, TLS, disk and mail
  node server/main.ts config check         all settings, and everything that is wrong with them
  node server/main.ts config explain NAME  what a setting is for, and where it has its value from
  node server/main.ts keys list            the signing keys and their times
  node server/main.ts keys rotate          a new key is published and signs in 24 hours
  node server/main.ts keys rotate --now    the same in 10 minutes
  node server/main.ts keys rotate --emergency
                                           it signs at once; the old keys and all their tokens are dead at once
      --algorithm ES256|EdDSA|RS256        by default that of the key that signs now
  node server/main.ts audit verify         is the audit trail as it was written? 1 and the first broken entry if not
      --head HASH                          also: is the trail of that earlier time still in it?
      --file FILE                          of an export, without the database
  node server/main.ts audit export FILE    all of it as JSON lines, to a new file
  node server/main.ts admin set-up-link    a link by which somebody becomes an operator: once, for 30 minutes
      --account ID                         by default the account operators, which is made with its first member
  node server/main.ts admin reset-link EMAIL
                                           a link by which somebody chooses a new password: once, for 30 minutes
  node server/main.ts signer --socket PATH --keys FOLDER
                                           a process that holds the private keys, for LATCHKEY_SIGNER
All but the server and signer take --json.`

/** What to print, and how the program ends; 0 where nothing else is said. */
export interface Outcome {
  text: string
  /** The same for programs. */
  json?: unknown
  exitCode?: number
}

const commands: Record<string, (args: string[]) => Promise<string | Outcome>> = {
  admin: adminCommand,
  apply: applyCommand,
  audit: auditCommand,
  config: configCommand,
  doctor: doctorCommand,
  keys: keysCommand,
  migrate: migrateCommand,
  signer: signerCommand,
}

/** @throws {UsageError} */
export async function operate([name = '', ...words]: string[]): Promise<Outcome> {
  const command = commands[name]
  if (!command) throw new UsageError(`There is no such command.\n${usage}`)
  try {
    const args = words.filter((word) => word !== '--json')
    const result = await command(args)
    const outcome = typeof result === 'string' ? { text: result } : result
    if (args.length === words.length) return outcome
    const json = 'json' in outcome ? outcome.json : { text: outcome.text.trimEnd() }
    return { ...outcome, text: `${JSON.stringify(json, null, 2)}\n` }
  } catch (error) {
    // What parseArgs says of options that it does not know.
    const isWrongOption =
      error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    if (error instanceof UsageError || isWrongOption) throw new UsageError(`${error.message}\n${usage}`)
    throw error
  }
}
