// What an operator does with the program beside the running server: `node server/main.ts COMMAND …`.
import { adminCommand } from './admin-command.ts'
import { auditCommand } from './audit-command.ts'
import { keysCommand } from './keys-command.ts'
import { signerCommand } from './signer-command.ts'
import { UsageError } from './usage-error.ts'

const usage = `Commands:
  node server/main.ts                      the server
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
  node server/main.ts signer --socket PATH --keys FOLDER
                                           a process that holds the private keys, for LATCHKEY_SIGNER`

/** What to print, and how the program ends; 0 where nothing else is said. */
export interface Outcome {
  text: string
  exitCode?: number
}

const commands: Record<string, (args: string[]) => Promise<string | Outcome>> = {
  admin: adminCommand,
  audit: auditCommand,
  keys: keysCommand,
  signer: signerCommand,
}

/** @throws {UsageError} */
export async function operate([name = '', ...args]: string[]): Promise<Outcome> {
  const command = commands[name]
  if (!command) throw new UsageError(`There is no such command.\n${usage}`)
  try {
    const outcome = await command(args)
    return typeof outcome === 'string' ? { text: outcome } : outcome
  } catch (error) {
    // What parseArgs says of options that it does not know.
    const isWrongOption =
      error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    if (error instanceof UsageError || isWrongOption) throw new UsageError(`${error.message}\n${usage}`)
    throw error
  }
}
