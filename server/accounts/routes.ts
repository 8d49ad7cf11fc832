import type { Database } from '../database/tables.ts'
import { accountCallerOf } from '../http/account-routes.ts'
import type { HttpServer } from '../http/server.ts'
import { seenVersion, versionHeaders, writeVersion } from '../http/versions.ts'
import { Problem } from '../vocabulary/problem.ts'
import { changeAccount } from './change.ts'
import { findEntitledAccount } from './grant-store.ts'
import { accountChange, ownAccountAnswer } from './schemas.ts'
import { type AccountWriter, changeRefusals, getAccount } from './write.ts'

export interface AccountReadOptions {
  db: Database
  /** Where a reader turns who needs something of the operator. */
  support: string | undefined
}

/** What an account may know of itself, and its owner change. */
export function ownAccountRoutes(
  { db, support }: AccountReadOptions,
  writer: AccountWriter,
): (server: HttpServer) => void {
  const ask = support === undefined ? '' : ` Ask: ${support}`

  async function present(accountId: string) {
    const account = await findEntitledAccount(db, accountId)
    if (!account) throw new Problem('not_found', 'This account does not exist any more.')
    const { id, name, production, operator, grantedScopes, version } = account
    const productionNeeds =
      production === 'approved'
        ? null
        : `The operator of this service approves the account for production.${ask}`
    const shown = { id, name, production, operator, grantedScopes: [...grantedScopes], productionNeeds }
    return { shown, version }
  }

  return (server) => {
    server.get(
      '',
      {
        config: { permission: 'account:read' },
        schema: {
          operationId: 'getOwnAccount',
          summary: 'Read the account',
          tags: ['Accounts'],
          response: { 200: ownAccountAnswer },
        },
      },
      async (request, reply) => {
        const { shown, version } = await present(accountCallerOf(request).accountId)
        writeVersion(reply, version)
        return shown
      },
    )

    server.patch(
      '',
      {
        config: { permission: 'account:write' },
        schema: {
          operationId: 'updateOwnAccount',
          summary: 'Rename the account',
          tags: ['Accounts'],
          headers: versionHeaders,
          body: accountChange,
          response: { 200: ownAccountAnswer, ...changeRefusals },
        },
      },
      async (request, reply) => {
        const caller = accountCallerOf(request)
        const seen = seenVersion(request)
        await writer.change(caller, async (change) => {
          const account = await getAccount(change.tx, caller.accountId, seen)
          await changeAccount(change, account, request.body, 'account.changed')
        })
        const { shown, version } = await present(caller.accountId)
        writeVersion(reply, version)
        return shown
      },
    )
  }
}
