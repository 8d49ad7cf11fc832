// The way to production: an account looks what is missing and asks, an operator decides.
import { Type } from 'typebox'
import { accountCallerOf } from '../http/account-routes.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import { isoTime, isoTimeOrNull } from '../vocabulary/clock.ts'
import { Problem } from '../vocabulary/problem.ts'
import {
  decideProductionRequest,
  findProductionRequest,
  listProductionRequests,
  type ProductionRequest,
  putProductionRequest,
} from './production-store.ts'
import { accountParams } from './schemas.ts'
import { findAccount, lockAccount } from './store.ts'
import { type AccountWriteOptions, type AccountWriter, noSuchAccount } from './write.ts'

const tags = ['Accounts']
const states = ['open', 'approved', 'declined'] as const
const text = (maxLength: number, description: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^(?=.*\\S)[^\\u0000-\\u0008\\u000b-\\u001f\\u007f]+$',
    description,
  })
const timeOrNull = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])

const requestAnswer = Type.Object({
  state: Type.Enum([...states]),
  company: Type.String(),
  purpose: Type.String(),
  requestedAt: Type.String({ format: 'date-time' }),
  decidedAt: timeOrNull,
  note: Type.Union([Type.String(), Type.Null()], { description: 'What the operator says to it.' }),
})

/** One thing that should be so before an account goes to production. */
const checkAnswer = Type.Object({
  id: Type.Enum(['email_confirmed', 'company', 'test_success', 'reuse_health', 'secret_expiry']),
  title: Type.String(),
  done: Type.Boolean(),
  detail: Type.String({ description: 'What was found, and what to do.' }),
})

/** What is known of an account, by name of the check. */
export interface ProductionCheck {
  id: 'email_confirmed' | 'company' | 'test_success' | 'reuse_health' | 'secret_expiry'
  title: string
  done: boolean
  detail: string
}

export interface ProductionOptions extends AccountWriteOptions {
  /** What is found out from people, clients and activity; the request itself is looked at here. */
  checkProduction: (caller: AccountCaller) => Promise<ProductionCheck[]>
}

export function ownProductionRoutes(
  options: ProductionOptions,
  writer: AccountWriter,
): (server: HttpServer) => void {
  const { db } = options
  return (server) => {
    server.get(
      '/production-checklist',
      {
        config: { permission: 'account:read' },
        schema: {
          operationId: 'getProductionChecklist',
          summary: 'What should be so before the account goes to production',
          description: 'Advice: the operator decides.',
          tags,
          response: {
            200: Type.Object({
              items: Type.Array(checkAnswer),
              request: Type.Union([requestAnswer, Type.Null()], { description: 'The latest one.' }),
            }),
          },
        },
      },
      async (request) => {
        const caller = accountCallerOf(request)
        const [account, asked, checks] = await Promise.all([
          findAccount(db, caller.accountId),
          findProductionRequest(db, caller.accountId),
          options.checkProduction(caller),
        ])
        // Who was approved once is known, whatever became of the approval.
        const known = account?.production === 'approved' || asked?.state === 'approved'
        const company: ProductionCheck = {
          ...{ id: 'company', title: 'Company known to the operator', done: known },
          detail: known
            ? 'The operator has approved the account.'
            : 'Ask for production below: the operator checks the company.',
        }
        const [first, ...rest] = checks
        return {
          items: first ? [first, company, ...rest] : [company],
          request: asked ? present(asked) : null,
        }
      },
    )

    server.post(
      '/production-request',
      {
        config: { permission: 'account:write' },
        schema: {
          operationId: 'requestProduction',
          summary: 'Ask the operator for production',
          tags,
          body: Type.Object(
            {
              company: text(200, 'The legal name, and what identifies the company.'),
              purpose: text(2000, 'What it is for.'),
            },
            { additionalProperties: false },
          ),
          response: { 201: requestAnswer, 409: problemSchema('It is approved, or was asked for already') },
        },
      },
      async (request, reply) => {
        const caller = accountCallerOf(request)
        if (caller.member?.person.emailConfirmed !== true)
          throw new Problem(
            'email_unconfirmed',
            'Confirm your address before you ask for production: open the link in the mail that we sent you.',
          )
        const { accountId, actor } = caller
        await writer.change(caller, async ({ tx, nowMs, note }) => {
          await lockAccount(tx, accountId)
          const account = await findAccount(tx, accountId)
          if (account?.production === 'approved')
            throw new Problem('conflict', 'The account is approved for production already.')
          if ((await findProductionRequest(tx, accountId))?.state === 'open')
            throw new Problem('conflict', 'You have asked already. The operator has not decided yet.')
          await putProductionRequest(tx, {
            ...{ account_id: accountId, requested_by: actor.id, requested_at: nowMs },
            ...request.body,
          })
          note({
            accountId,
            action: 'account.production_requested',
            object: { kind: 'account', id: accountId },
            before: null,
            after: { ...request.body },
          })
        })
        const asked = await findProductionRequest(db, accountId)
        if (!asked) throw new Error('The request that was just written is gone.')
        return reply.code(201).send(present(asked))
      },
    )
  }
}

export function productionDecisionRoutes(
  { db }: AccountWriteOptions,
  writer: AccountWriter,
): (server: HttpServer) => void {
  return (server) => {
    server.get(
      '/production-requests',
      {
        config: { permission: 'accounts:read' },
        schema: {
          operationId: 'listProductionRequests',
          summary: 'List who asks for production, who waits longest first',
          tags,
          querystring: Type.Object(
            { state: Type.Optional(Type.Enum([...states])) },
            { additionalProperties: false },
          ),
          response: {
            200: Type.Object({
              items: Type.Array(
                Type.Object({
                  accountId: Type.String(),
                  accountName: Type.String(),
                  requestedBy: Type.Union([Type.String(), Type.Null()]),
                  ...requestAnswer.properties,
                }),
              ),
            }),
          },
        },
      },
      async (request) => {
        const rows = await listProductionRequests(db, request.query.state)
        return {
          items: rows.map((row) => ({
            accountId: row.account_id,
            accountName: row.account_name,
            requestedBy: row.requester,
            ...present(row),
          })),
        }
      },
    )

    server.post(
      '/accounts/:accountId/decline-production',
      {
        config: { permission: 'accounts:write' },
        schema: {
          operationId: 'declineProduction',
          summary: 'Decline what an account asked for',
          tags,
          params: accountParams,
          body: Type.Object(
            { note: text(1000, 'Why, and what would change it: the account reads it.') },
            { additionalProperties: false },
          ),
          response: {
            204: Type.Null({ description: 'Done' }),
            404: problemSchema('There is no such account'),
            409: problemSchema('It has not asked'),
          },
        },
      },
      async (request, reply) => {
        const { accountId } = request.params
        const { note: reason } = request.body
        await writer.change(accountCallerOf(request), async ({ tx, nowMs, note }) => {
          if (!(await lockAccount(tx, accountId))) throw noSuchAccount()
          if (!(await decideProductionRequest(tx, accountId, { state: 'declined', note: reason, nowMs })))
            throw new Problem('conflict', 'This account has no open request for production.')
          note({
            accountId,
            action: 'account.production_declined',
            object: { kind: 'account', id: accountId },
            before: { request: 'open' },
            after: { request: 'declined', note: reason },
          })
        })
        return reply.code(204).send(null)
      },
    )
  }
}

function present(request: ProductionRequest) {
  const { state, company, purpose, note } = request
  return {
    ...{ state, company, purpose, note },
    requestedAt: isoTime(request.requested_at),
    decidedAt: isoTimeOrNull(request.decided_at),
  }
}
