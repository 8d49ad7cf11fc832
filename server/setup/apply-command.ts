// `apply FILE`: the declared set-up, beside the running servers.
import { parseArgs } from 'node:util'
import { builtInApis } from '../app/built-in-apis.ts'
import { openBuiltInCatalogue } from '../app/catalogue.ts'
import type { AuditEntry } from '../audit.ts'
import { openCatalogue } from '../catalogue/catalogue.ts'
import { openPepper } from '../clients/secret.ts'
import { sharedSecret } from '../vault.ts'
import { createIds } from '../vocabulary/clock.ts'
import { applySetup } from './apply.ts'
import { parseDeclaredSetup, readSetupFile } from './declared-setup.ts'
import { openMasterVault } from './master-vault.ts'
import type { Outcome } from './operator-commands.ts'
import { UsageError } from './usage-error.ts'
import { withDatabase } from './with-database.ts'

export async function applyCommand(args: string[]): Promise<Outcome> {
  const { positionals } = parseArgs({ args, options: {}, allowPositionals: true })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0)
    throw new UsageError('apply needs one FILE, the declared set-up.')
  const setup = parseDeclaredSetup(readSetupFile(file, 'apply'))
  return withDatabase(async ({ db, config }) => {
    const vault = await openMasterVault(config, db, false)
    const pepper = openPepper(await sharedSecret(db, vault, 'pepper', Date.now()))
    // On a database that no server has seen yet the built-in scopes are not known. On one that a server uses they stay
    // as they are: their audiences are its public URL, and the settings of this shell may name another.
    const known = await openCatalogue(db)
    if (builtInApis.some(({ scopes }) => scopes.some(({ name }) => !known.find(name))))
      await openBuiltInCatalogue(db, builtInApis, config.publicUrl, Date.now)
    const context = { pepper, nowMs: Date.now(), newId: createIds(Date.now) }
    return describe(await applySetup(db, setup, context))
  })
}

function describe(entries: readonly AuditEntry[]): Outcome {
  const changes = entries.map(({ action, object, environment }) => ({ action, id: object.id, environment }))
  const lines = changes.map(({ action, id }) => `${action}  ${id}\n`)
  const text =
    lines.length === 0
      ? 'Everything is as the file says; nothing was changed.\n'
      : `${lines.join('')}Running servers have it within a second.\n`
  return { text, json: { changes } }
}
