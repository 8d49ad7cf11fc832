// Who is a member of an account, and in which role.
import { Type } from 'typebox'
import { lockAccount } from '../accounts/store.ts'
import { recordAudits, refuseOtherVersion } from '../audit.ts'
import type { Database, DatabaseTransaction } from '../database/tables.ts'
import { accountCallerOf } from '../http/account-routes.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { seenVersion, versionHeaders, writeVersion } from '../http/versions.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import { isoTime, type NewId, type Now } from '../vocabulary/clock.ts'
import { Problem } from '../vocabulary/problem.ts'
import { memberAnswer } from './member-answers.ts'
import {
  countOwners,
  deleteMember,
  listMembers,
  listMemberships,
  type MemberRow,
  updateRole,
} from './member-store.ts'
import { memberOf } from './own-routes.ts'
import { role } from './schemas.ts'
import { endSessionsOutside } from './session-store.ts'

const tags = ['Members']
const params = Type.Object({ memberId: Type.String({ pattern: '^mem_[0-9a-f-]{36}$' }) })

export interface MemberOptions {
  db: Database
  now: Now
  newId: NewId
}

export function memberRoutes({ db, now, newId }: MemberOptions): (server: HttpServer) => void {
  async function remove(
    { accountId, actor }: AccountCaller,
    memberId: string,
    action: 'member.removed' | 'member.left',
  ): Promise<void> {
    await db.transaction().execute(async (tx) => {
      await lockAccount(tx, accountId)
      const member = await getMember(tx, accountId, memberId)
      if (member.role === 'owner') await refuseLastOwner(tx, accountId)
      await deleteMember(tx, memberId)
      // Else his next click would be carried out in another account of his. Who leaves by himself knows that.
      if (action === 'member.removed') await endSessionsElsewhere(tx, member.personId)
      const entry = {
        ...{ accountId, environment: null, actor, action },
        object: { kind: 'member' as const, id: memberId },
        before: { role: member.role },
        after: null,
      }
      await recordAudits(tx, [entry], newId, now())
    })
  }

  return (server) => {
    server.get(
      '/members',
      {
        config: { permission: 'members:read' },
        schema: {
          operationId: 'listMembers',
          summary: 'List the members of the account',
          tags,
          response: { 200: Type.Object({ items: Type.Array(memberAnswer) }) },
        },
      },
      async (request) => {
        const members = await listMembers(db, accountCallerOf(request).accountId)
        return { items: members.map(present) }
      },
    )

    server.get(
      '/members/:memberId',
      {
        config: { permission: 'members:read' },
        schema: {
          operationId: 'getMember',
          summary: 'Read a member',
          description: 'Its ETag is what a change names in If-Match.',
          tags,
          params,
          response: { 200: memberAnswer, 404: problemSchema('There is no such member') },
        },
      },
      async (request, reply) => {
        const { accountId } = accountCallerOf(request)
        const member = await getMember(db, accountId, request.params.memberId)
        writeVersion(reply, member.version)
        return present(member)
      },
    )

    server.patch(
      '/members/:memberId',
      {
        config: { permission: 'members:write' },
        schema: {
          operationId: 'updateMember',
          summary: 'Change the role of a member',
          description: 'It counts from his next request on. An account keeps an owner.',
          tags,
          params,
          headers: versionHeaders,
          body: Type.Object({ role }, { additionalProperties: false }),
          response: {
            200: memberAnswer,
            404: problemSchema('There is no such member'),
            409: problemSchema('The account would be without an owner'),
            412: problemSchema('It was changed meanwhile'),
            428: problemSchema('The request must say which state it changes'),
          },
        },
      },
      async (request, reply) => {
        const { accountId, actor } = accountCallerOf(request)
        const { memberId } = request.params
        const seen = seenVersion(request)
        const wanted = request.body.role
        const changed = await db.transaction().execute(async (tx) => {
          await lockAccount(tx, accountId)
          const member = await getMember(tx, accountId, memberId)
          await refuseOtherVersion(tx, { kind: 'member', id: memberId }, seen, member.version)
          if (member.role === wanted) return member
          if (member.role === 'owner') await refuseLastOwner(tx, accountId)
          const version = await updateRole(tx, memberId, wanted)
          const entry = {
            ...{ accountId, environment: null, actor, action: 'member.role_changed' },
            object: { kind: 'member' as const, id: memberId, version },
            before: { role: member.role },
            after: { role: wanted },
          }
          await recordAudits(tx, [entry], newId, now())
          return { ...member, role: wanted, version }
        })
        writeVersion(reply, changed.version)
        return present(changed)
      },
    )

    server.delete(
      '/members/:memberId',
      {
        config: { permission: 'members:write' },
        schema: {
          operationId: 'removeMember',
          summary: 'Remove a member',
          description:
            'His next request is refused, and his sessions in the account end. An account keeps an owner.',
          tags,
          params,
          response: {
            204: { type: 'null', description: 'Done' },
            404: problemSchema('There is no such member'),
            409: problemSchema('The account would be without an owner'),
          },
        },
      },
      async (request, reply) => {
        await remove(accountCallerOf(request), request.params.memberId, 'member.removed')
        return reply.code(204).send(null)
      },
    )

    server.post(
      '/leave',
      {
        config: { permission: 'session:own' },
        schema: {
          operationId: 'leaveAccount',
          summary: 'Leave the account',
          tags,
          response: {
            204: { type: 'null', description: 'Done' },
            409: problemSchema('The account would be without an owner'),
          },
        },
      },
      async (request, reply) => {
        const caller = accountCallerOf(request)
        await remove(caller, memberOf(caller).id, 'member.left')
        return reply.code(204).send(null)
      },
    )
  }
}

async function getMember(db: Database, accountId: string, memberId: string): Promise<MemberRow> {
  const [member] = await listMembers(db, accountId, memberId)
  if (!member)
    throw new Problem('not_found', 'The account has no such member. GET /account/members lists all.')
  return member
}

/** Only sessions that work in an account of his go on. */
async function endSessionsElsewhere(tx: DatabaseTransaction, personId: string): Promise<void> {
  const others = await listMemberships(tx, personId)
  await endSessionsOutside(
    tx,
    personId,
    others.map(({ accountId }) => accountId),
  )
}

// The account is locked: of two owners who remove each other at once, the second finds himself to be the last.
async function refuseLastOwner(tx: DatabaseTransaction, accountId: string): Promise<void> {
  if ((await countOwners(tx, accountId)) > 1) return
  throw new Problem('conflict', 'This is the last owner of the account. Make somebody else an owner first.')
}

function present({ personId: _personId, createdAt, ...member }: MemberRow) {
  return { ...member, joinedAt: isoTime(createdAt) }
}
