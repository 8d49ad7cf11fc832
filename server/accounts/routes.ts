import type { Database } from '../database/tables.ts'
import { accountCallerOf } from '../http/account-routes.ts'
import type { HttpServer } from '../http/server.ts'
import { writeVersion } from '../http/versions.ts'
import { Problem } from '../vocabulary/problem.ts'
import { findEntitledAccount } from './grant-store.ts'
import { ownAccountAnswer } from './schemas.ts'

export interface AccountReadOptions {
  db: Database
  /** Where a reader turns who needs something of the operator. */
  support: string | undefined
}

/** What an account may know of itself. */
export function accountReadRoutes({ db, support }: AccountReadOptions): (server: HttpServer) => void {
  const ask = support === undefined ? '' : ` Ask: ${support}`
  return (server) => {
    server.get(
      '',
      {
        config: { permission: 'account:read' },
        schema: { summary: 'Read the account', tags: ['Accounts'], response: { 200: ownAccountAnswer } },
      },
      async (request, reply) => {
        const account = await findEntitledAccount(db, accountCallerOf(request).accountId)
        if (!account) throw new Problem('not_found', 'This account does not exist any more.')
        const { id, name, production, operator, grantedScopes, version } = account
        writeVersion(reply, version)
        return {
          id,
          name,
          production,
          operator,
          grantedScopes: [...grantedScopes],
          productionNeeds:
            production === 'approved'
              ? null
              : `The operator of this service approves the account for production.${ask}`,
        }
      },
    )
  }
}
