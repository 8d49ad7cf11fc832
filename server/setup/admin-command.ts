// `admin set-up-link`: how the first operator, or one who is locked out, comes in; `admin reset-link`: somebody else.
// No password is ever given out.
import { parseArgs } from 'node:util'
import { findAccount } from '../accounts/store.ts'
import { recordAudit } from '../audit.ts'
import { operatorAccount } from '../people/join-routes.ts'
import { makeLink } from '../people/one-time-link.ts'
import { commandActor } from '../vocabulary/actor.ts'
import { createIds } from '../vocabulary/clock.ts'
import { handOutLink } from './hand-out-link.ts'
import type { Outcome } from './operator-commands.ts'
import { makeResetLink } from './reset-link.ts'
import { UsageError } from './usage-error.ts'
import { withDatabase } from './with-database.ts'

const options = { account: { type: 'string' } } as const

const lifetimeMs = 30 * 60_000

export async function adminCommand(args: string[]): Promise<Outcome> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const [action, email, ...more] = positionals
  if (action === 'set-up-link' && email === undefined)
    return makeSetUpLink(values.account ?? operatorAccount.id)
  const isReset = action === 'reset-link' && more.length === 0 && values.account === undefined
  if (isReset && email !== undefined) return makeResetLink(email)
  throw new UsageError('admin needs set-up-link, or reset-link EMAIL.')
}

function makeSetUpLink(accountId: string): Promise<Outcome> {
  return withDatabase(async ({ db, config }) => {
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
    return handOutLink(config.dataDir, `${newId('link')}.txt`, link, use)
  })
}
