import { Type } from 'typebox'
import type { Database } from '../database/tables.ts'
import { accountCallerOf } from '../http/account-routes.ts'
import type { HttpServer } from '../http/server.ts'
import { Problem } from '../vocabulary/problem.ts'
import { findAccount } from './store.ts'

export const accountAnswer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  production: Type.Union([Type.Literal('none'), Type.Literal('approved')], {
    description: 'Whether it may have production clients.',
  }),
  operator: Type.Boolean({ description: 'True for the account of those who run this service.' }),
})

/** What an account may know of itself. */
export function accountReadRoutes(db: Database): (server: HttpServer) => void {
  return (server) => {
    server.get(
      '',
      {
        config: { permission: 'account:read' },
        schema: { summary: 'Read the account', tags: ['Account'], response: { 200: accountAnswer } },
      },
      async (request) => {
        const account = await findAccount(db, accountCallerOf(request).accountId)
        if (!account) throw new Problem('not_found', 'This account does not exist any more.')
        return { ...account, operator: account.operator === true }
      },
    )
  }
}
