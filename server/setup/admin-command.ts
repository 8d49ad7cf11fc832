// `admin set-up-link`: how the first operator, or one who is locked out, comes in. No password is ever given out.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findAccount } from '../accounts/store.ts'
import { recordAudit } from '../audit.ts'
import { operatorAccount } from '../people/join-routes.ts'
import { makeLink } from '../people/one-time-link.ts'
import { commandActor } from '../vocabulary/actor.ts'
import { createIds } from '../vocabulary/clock.ts'
import { UsageError } from './usage-error.ts'
import { withDatabase } from './with-database.ts'

const options = { account: { type: 'string', default: operatorAccount.id } } as const

const lifetimeMs = 30 * 60_000

export async function adminCommand(args: string[]): Promise<string> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  if (positionals.join(' ') !== 'set-up-link') throw new UsageError('admin needs the word set-up-link.')
  return withDatabase(async ({ db, config }) => {
    const accountId = values.account
    const account = await findAccount(db, accountId)
    if (account ? !account.operator : accountId !== operatorAccount.id)
      throw new UsageError(
        `${JSON.stringify(accountId)} is not the account of those who run this service. Leave --account out, or name one that the declared set-up makes so ("operator": true).`,
      )
    const nowMs = Date.now()
    const newId = createIds(Date.now)
    const token = await db.transaction().execute(async (tx) => {
      const made = await makeLink(tx, { purpose: 'set_up_operator', accountId, nowMs, lifetimeMs })
      const entry = {
        ...{ accountId: account ? accountId : null, environment: null },
        ...{ actor: commandActor('admin set-up-link'), action: 'account.set_up_link_made' },
        object: { kind: 'account' as const, id: accountId },
        before: null,
        after: null,
      }
      await recordAudit(tx, entry, newId, nowMs)
      return made
    })
    const link = `${config.publicUrl}/set-up#token=${token}`
    const use = 'It works once, for 30 minutes; links made before do not work any more.'
    // What is not a terminal is a log somewhere: there it would outlive its use.
    if (process.stdout.isTTY) return `${link}\n${use}\n`
    const file = writeLink(config.dataDir, `${newId('link')}.txt`, link)
    return `The link is in ${file}, readable by you only. ${use}\n`
  })
}

function writeLink(dataDir: string, name: string, link: string): string {
  const folder = join(dataDir, 'links')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const file = join(folder, name)
  writeFileSync(file, `${link}\n`, { mode: 0o600, flag: 'wx' })
  return file
}
