// The accounts of a deployment, for those who run it: read, create, rename. Approval and scopes: approval-routes.ts.

import { accountCallerOf } from '../http/account-routes.ts'
import { idempotencyHeaders, keyedRequest, writeKeyed } from '../http/idempotency-key.ts'
import { cursorKey, cursorOf, listOf } from '../http/list.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { seenVersion, versionHeaders, writeVersion } from '../http/versions.ts'
import { Problem } from '../vocabulary/problem.ts'
import { addAccount, changeAccount } from './change.ts'
import { findEntitledAccount, listGrantsOf } from './grant-store.ts'
import {
  accountAnswer,
  accountChange,
  accountIdPattern,
  accountListQuery,
  accountParams,
  newAccount,
} from './schemas.ts'
import { listAccounts } from './store.ts'
import {
  type AccountWriteOptions,
  type AccountWriter,
  changeRefusals,
  getAccount,
  noSuchAccount,
  presentAccount,
} from './write.ts'

const tags = ['Accounts']

export function accountOperatorRoutes(
  options: AccountWriteOptions,
  writer: AccountWriter,
): (server: HttpServer) => void {
  const { db, newId } = options
  return (server) => {
    server.get(
      '/accounts',
      {
        config: { permission: 'accounts:read' },
        schema: {
          operationId: 'listAccounts',
          summary: 'List the accounts of the deployment',
          tags,
          querystring: accountListQuery,
          response: { 200: listOf(accountAnswer) },
        },
      },
      async (request) => {
        const { cursor, limit, search } = request.query
        const afterId = cursorKey(cursor, new RegExp(accountIdPattern))
        const rows = await listAccounts(db, { search, afterId, limit })
        const shown = rows.slice(0, limit)
        const ids = shown.map(({ id }) => id)
        const [grants, counts] = await Promise.all([listGrantsOf(db, ids), options.countClients(db, ids)])
        const last = shown.at(-1)
        return {
          items: shown.map((account) =>
            presentAccount(
              { ...account, grantedScopes: grants.get(account.id) ?? [] },
              counts.get(account.id),
            ),
          ),
          nextCursor: rows.length > limit && last !== undefined ? cursorOf(last.id) : null,
        }
      },
    )

    server.get(
      '/accounts/:accountId',
      {
        config: { permission: 'accounts:read' },
        schema: {
          operationId: 'getAccount',
          summary: 'Read an account',
          tags,
          params: accountParams,
          response: { 200: accountAnswer, 404: problemSchema('There is no such account') },
        },
      },
      async (request, reply) => {
        const { accountId } = request.params
        const account = await findEntitledAccount(db, accountId)
        if (!account) throw noSuchAccount()
        const counts = await options.countClients(db, [accountId])
        writeVersion(reply, account.version)
        return presentAccount(account, counts.get(accountId))
      },
    )

    server.post(
      '/accounts',
      {
        config: { permission: 'accounts:write' },
        schema: {
          operationId: 'createAccount',
          summary: 'Create an account',
          tags,
          headers: idempotencyHeaders,
          body: newAccount,
          response: { 201: accountAnswer, 409: problemSchema('There is an account with this id') },
        },
      },
      async (request, reply) => {
        const { id = newId('acc'), name } = request.body
        const answer = await writer.create(
          accountCallerOf(request),
          keyedRequest(request),
          async (change) => {
            if (!(await addAccount(change, { id, name })))
              throw new Problem(
                'conflict',
                'There is an account with this id already. Choose another id, or leave it out.',
              )
            return writer.present(change, id)
          },
        )
        const body = writeKeyed(reply, answer)
        writeVersion(reply, body.version)
        reply.header('location', `/account/accounts/${body.id}`)
        return body
      },
    )

    server.patch(
      '/accounts/:accountId',
      {
        config: { permission: 'accounts:write' },
        schema: {
          operationId: 'updateAccount',
          summary: 'Rename an account',
          description: 'If-Match says which state is changed.',
          tags,
          params: accountParams,
          headers: versionHeaders,
          body: accountChange,
          response: { 200: accountAnswer, ...changeRefusals },
        },
      },
      async (request, reply) => {
        const { accountId } = request.params
        const seen = seenVersion(request)
        const answer = await writer.change(accountCallerOf(request), async (change) => {
          const account = await getAccount(change.tx, accountId, seen)
          await changeAccount(change, account, request.body, 'account.changed')
          return writer.present(change, accountId)
        })
        writeVersion(reply, answer.version)
        return answer
      },
    )
  }
}
