// What an operator lets an account have: production, and the scopes that not everyone may have.

import { accountCallerOf } from '../http/account-routes.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { seenVersionIfAny, versionHeaders, writeVersion } from '../http/versions.ts'
import { Problem } from '../vocabulary/problem.ts'
import { changeAccount, giveScope, takeScope } from './change.ts'
import { decideProductionRequest } from './production-store.ts'
import {
  accountAnswer,
  accountParams,
  accountScopeParams,
  takenScopeAnswer,
  withdrawnAnswer,
} from './schemas.ts'
import { type AccountWriteOptions, type AccountWriter, getAccount } from './write.ts'

const tags = ['Accounts']
const permission = 'accounts:write'

const refusals = {
  404: problemSchema('There is no such account or scope'),
  412: problemSchema('It was changed meanwhile'),
}

export function accountApprovalRoutes(
  options: AccountWriteOptions,
  writer: AccountWriter,
): (server: HttpServer) => void {
  return (server) => {
    server.post(
      '/accounts/:accountId/approve-production',
      {
        config: { permission },
        schema: {
          operationId: 'approveProduction',
          summary: 'Approve an account for production',
          tags,
          params: accountParams,
          headers: versionHeaders,
          response: { 200: accountAnswer, ...refusals },
        },
      },
      async (request, reply) => {
        const { accountId } = request.params
        const seen = seenVersionIfAny(request)
        const answer = await writer.change(accountCallerOf(request), async (change) => {
          const account = await getAccount(change.tx, accountId, seen)
          await changeAccount(change, account, { production: 'approved' }, 'account.production_approved')
          const { tx, nowMs } = change
          await decideProductionRequest(tx, accountId, { state: 'approved', note: null, nowMs })
          return writer.present(change, accountId)
        })
        writeVersion(reply, answer.version)
        return answer
      },
    )

    server.post(
      '/accounts/:accountId/withdraw-production',
      {
        config: { permission },
        schema: {
          operationId: 'withdrawProduction',
          summary: 'Take the approval for production away',
          description:
            'Production clients go on until they are disabled; new ones, and new scopes for them, are refused.',
          tags,
          params: accountParams,
          headers: versionHeaders,
          response: { 200: withdrawnAnswer, ...refusals },
        },
      },
      async (request, reply) => {
        const { accountId } = request.params
        const seen = seenVersionIfAny(request)
        const answer = await writer.change(accountCallerOf(request), async (change) => {
          const account = await getAccount(change.tx, accountId, seen)
          await changeAccount(change, account, { production: 'none' }, 'account.production_withdrawn')
          return writer.present(change, accountId)
        })
        writeVersion(reply, answer.version)
        return {
          ...answer,
          notice: `Its ${answer.clients.production} production clients go on until they are disabled. New production clients, and new scopes for them, are refused from now on.`,
        }
      },
    )

    server.put(
      '/accounts/:accountId/scopes/:scope',
      {
        config: { permission },
        schema: {
          operationId: 'giveScopeToAccount',
          summary: 'Give an account a scope that not everyone may have',
          tags,
          params: accountScopeParams,
          headers: versionHeaders,
          response: {
            200: accountAnswer,
            ...refusals,
            409: problemSchema('The scope is not one that is given to single accounts'),
          },
        },
      },
      async (request, reply) => {
        const { accountId, scope } = request.params
        const seen = seenVersionIfAny(request)
        const answer = await writer.change(accountCallerOf(request), async (change) => {
          await getAccount(change.tx, accountId, seen)
          refuseGrant(await options.findScope(change.tx, scope))
          await giveScope(change, accountId, scope)
          return writer.present(change, accountId)
        })
        writeVersion(reply, answer.version)
        return answer
      },
    )

    server.delete(
      '/accounts/:accountId/scopes/:scope',
      {
        config: { permission },
        schema: {
          operationId: 'takeScopeFromAccount',
          summary: 'Take a given scope away from an account and from its clients',
          description: 'Tokens that have it stay good until they expire.',
          tags,
          params: accountScopeParams,
          headers: versionHeaders,
          response: { 200: takenScopeAnswer, ...refusals },
        },
      },
      async (request, reply) => {
        const { accountId, scope } = request.params
        const seen = seenVersionIfAny(request)
        const answer = await writer.change(accountCallerOf(request), async (change) => {
          await getAccount(change.tx, accountId, seen)
          if (!(await takeScope(change, accountId, scope)))
            throw new Problem('not_found', 'This account was not given such a scope.')
          // A scope that everyone may have by now stays on the clients.
          const access = (await options.findScope(change.tx, scope))?.access
          const clientsChanged =
            access === 'everyone' ? 0 : await options.removeScopeFromClients(change, accountId, scope)
          return { ...(await writer.present(change, accountId)), clientsChanged }
        })
        writeVersion(reply, answer.version)
        return { ...answer, effectiveOn: await options.changes.waitForNodes() }
      },
    )
  }
}

type Scope = Awaited<ReturnType<AccountWriteOptions['findScope']>>

function refuseGrant(scope: Scope): void {
  if (!scope) throw new Problem('not_found', 'There is no such scope. GET /account/scopes lists all of them.')
  if (scope.access === 'everyone')
    throw new Problem('conflict', 'Every account may have this scope. Make its access granted first.')
  if (scope.access === 'reserved')
    throw new Problem(
      'conflict',
      'This scope opens the account API. It is given to single clients, not to accounts.',
    )
  if (scope.retiredAt !== null) throw new Problem('conflict', 'This scope is retired. Restore it first.')
}
