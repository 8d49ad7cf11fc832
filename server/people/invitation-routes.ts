// Invitations of an account: made and withdrawn by its owners.
import { Type } from 'typebox'
import { lockAccount } from '../accounts/store.ts'
import { recordAudits } from '../audit.ts'
import type { DatabaseTransaction } from '../database/tables.ts'
import { accountCallerOf } from '../http/account-routes.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { isoTime } from '../vocabulary/clock.ts'
import { Problem } from '../vocabulary/problem.ts'
import {
  insertInvitation,
  invitationsSince,
  listInvitations,
  mostInvitations,
  withdrawInvitations,
} from './invitation-store.ts'
import { invitationAnswer } from './member-answers.ts'
import { listMembers } from './member-store.ts'
import { digestOf, makeToken } from './one-time-link.ts'
import { memberOf } from './own-routes.ts'
import { normalAddress } from './person-store.ts'
import type { PublicPeopleOptions } from './public-routes.ts'
import { email, role } from './schemas.ts'
import { dayMs } from './sign-up.ts'

const tags = ['Members']
const lifetimeMs = 7 * dayMs

export function invitationRoutes(options: PublicPeopleOptions): (server: HttpServer) => void {
  const { db, now, newId, mailer, mails, limits } = options
  return (server) => {
    server.get(
      '/invitations',
      {
        config: { permission: 'members:read' },
        schema: {
          operationId: 'listInvitations',
          summary: 'List the open invitations of the account',
          tags,
          response: { 200: Type.Object({ items: Type.Array(invitationAnswer) }) },
        },
      },
      async (request) => {
        const invitations = await listInvitations(db, accountCallerOf(request).accountId, now())
        return {
          items: invitations.map(({ id, email: to, role: as, invitedByName, createdAt, expiresAt }) => ({
            ...{ id, email: to, role: as, invitedBy: invitedByName },
            ...{ createdAt: isoTime(createdAt), expiresAt: isoTime(expiresAt) },
          })),
        }
      },
    )

    server.post(
      '/invitations',
      {
        config: { permission: 'members:write' },
        schema: {
          operationId: 'inviteMember',
          summary: 'Invite somebody to the account',
          description:
            'The link comes by mail and works once, for 7 days. A new one to the same address ends the old.',
          tags,
          body: Type.Object({ email, role }, { additionalProperties: false }),
          response: {
            201: invitationAnswer,
            409: problemSchema('He is a member, or there are too many open invitations'),
            429: problemSchema('Too many mails to this address, or of this account'),
          },
        },
      },
      async (request, reply) => {
        const caller = accountCallerOf(request)
        const { accountId, actor } = caller
        const { person, id: invitedBy } = memberOf(caller)
        if (!person.emailConfirmed)
          throw new Problem(
            'email_unconfirmed',
            'Confirm your own address before you invite others: open the link in the mail that we sent you.',
          )
        const to = normalAddress(request.body.email)
        await limits.mails.demandRoom('invitation', to)
        const token = makeToken()
        const nowMs = now()
        const invitation = {
          ...{ id: newId('inv'), accountId, email: to, role: request.body.role, invitedBy },
          ...{ createdAt: nowMs, expiresAt: nowMs + lifetimeMs },
        }
        const accountName = await db.transaction().execute(async (tx) => {
          await lockAccount(tx, accountId)
          const members = await listMembers(tx, accountId)
          if (members.some((member) => member.email === to && member.emailConfirmed))
            throw new Problem('conflict', 'Whoever has this address is a member already.')
          await withdrawInvitations(tx, accountId, { email: to }, nowMs)
          await refuseTooMany(tx, accountId, nowMs)
          await insertInvitation(tx, invitation, digestOf(token))
          const entry = {
            ...{ accountId, environment: null, actor, action: 'invitation.created' },
            object: { kind: 'invitation' as const, id: invitation.id },
            before: null,
            after: { email: to, role: invitation.role },
          }
          await recordAudits(tx, [entry], newId, nowMs)
          const account = await tx
            .selectFrom('account')
            .select('name')
            .where('id', '=', accountId)
            .executeTakeFirstOrThrow()
          return account.name
        })
        mailer.send(mails.invitation(to, { accountName, invitedBy: person.name, token }))
        reply.code(201)
        return {
          ...{ id: invitation.id, email: to, role: invitation.role, invitedBy: person.name },
          ...{ createdAt: isoTime(invitation.createdAt), expiresAt: isoTime(invitation.expiresAt) },
        }
      },
    )

    server.delete(
      '/invitations/:invitationId',
      {
        config: { permission: 'members:write' },
        schema: {
          operationId: 'withdrawInvitation',
          summary: 'Withdraw an invitation',
          tags,
          params: Type.Object({ invitationId: Type.String({ pattern: '^inv_[0-9a-f-]{36}$' }) }),
          response: {
            204: { type: 'null', description: 'Done' },
            404: problemSchema('There is no such open invitation'),
          },
        },
      },
      async (request, reply) => {
        const { accountId, actor } = accountCallerOf(request)
        const { invitationId } = request.params
        await db.transaction().execute(async (tx) => {
          if ((await withdrawInvitations(tx, accountId, { id: invitationId }, now())) === 0)
            throw new Problem('not_found', 'There is no such open invitation.')
          const entry = {
            ...{ accountId, environment: null, actor, action: 'invitation.withdrawn' },
            object: { kind: 'invitation' as const, id: invitationId },
            before: null,
            after: null,
          }
          await recordAudits(tx, [entry], newId, now())
        })
        return reply.code(204).send(null)
      },
    )
  }
}

async function refuseTooMany(tx: DatabaseTransaction, accountId: string, nowMs: number): Promise<void> {
  if ((await listInvitations(tx, accountId, nowMs)).length >= mostInvitations)
    throw new Problem(
      'conflict',
      `The account has ${mostInvitations} open invitations, the most there may be. Withdraw some.`,
    )
  const sent = await invitationsSince(tx, accountId, nowMs - dayMs)
  if (sent.count >= mostInvitations)
    throw new Problem(
      'rate_limited',
      `An account sends at most ${mostInvitations} invitations in 24 hours. Invite the others later.`,
      { headers: { 'retry-after': String(Math.ceil((sent.firstAt + dayMs - nowMs) / 1000)) } },
    )
}
