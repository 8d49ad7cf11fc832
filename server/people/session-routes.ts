// Sessions: who is signed in, in which account he works, where else he is signed in, and the way out.
import { Type } from 'typebox'
import { recordAudits } from '../audit.ts'
import { accountCallerOf } from '../http/account-routes.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import {
  fromOf,
  hasSession,
  type SessionRequest,
  sessionRequestOf,
  writeCookies,
} from '../http/session-check.ts'
import { Problem } from '../vocabulary/problem.ts'
import { findMember } from './find-member.ts'
import { listMemberships } from './member-store.ts'
import { memberOf } from './own-routes.ts'
import { endSessions } from './person-store.ts'
import { type PublicPeopleOptions, publicRefusals } from './public-routes.ts'
import { presentSession, sessionAnswer } from './session-answer.ts'
import { chooseAccount, endSession, listSessions } from './session-store.ts'
import { entriesOf } from './set-password.ts'

const tags = ['People']
const config = { permission: 'session:own' as const }
const done = { type: 'null', description: 'Done' } as const

export function sessionRoutes(options: PublicPeopleOptions): (server: HttpServer) => void {
  const { db, now, newId } = options
  return (server) => {
    server.get(
      '/session',
      {
        config,
        schema: {
          operationId: 'getOwnSession',
          summary: 'Who is signed in',
          tags,
          response: { 200: sessionAnswer },
        },
      },
      async (request) => presentSession(options, accountCallerOf(request)),
    )

    server.post(
      '/session/account',
      {
        config,
        schema: {
          operationId: 'chooseAccount',
          summary: 'Choose the account to work in',
          tags,
          body: Type.Object({ accountId: Type.String({ maxLength: 128 }) }, { additionalProperties: false }),
          response: { 200: sessionAnswer, 404: problemSchema('The person is no member of such an account') },
        },
      },
      async (request) => {
        const { person, sessionId } = memberOf(accountCallerOf(request))
        const { accountId } = request.body
        const memberships = await listMemberships(db, person.id)
        if (!memberships.some((membership) => membership.accountId === accountId))
          throw new Problem('not_found', 'You are not a member of such an account.')
        await chooseAccount(db, sessionId, accountId)
        const caller = await findMember(options, sessionRequestOf(request))
        if (!caller) throw new Problem('signed_out', 'The session has ended meanwhile. Sign in again.')
        return presentSession(options, caller)
      },
    )

    server.get(
      '/sessions',
      {
        config,
        schema: {
          operationId: 'listOwnSessions',
          summary: 'Where the member is signed in',
          tags,
          response: {
            200: Type.Object({
              items: Type.Array(
                Type.Object({
                  id: Type.String(),
                  createdAt: Type.String({ format: 'date-time' }),
                  lastUsedAt: Type.String({ format: 'date-time', description: 'To within five minutes.' }),
                  expiresAt: Type.String({ format: 'date-time' }),
                  address: Type.Union([Type.String(), Type.Null()]),
                  userAgent: Type.Union([Type.String(), Type.Null()]),
                  current: Type.Boolean({ description: 'The one that asks.' }),
                }),
              ),
            }),
          },
        },
      },
      async (request) => {
        const { person, sessionId } = memberOf(accountCallerOf(request))
        const items = await listSessions(db, person.id)
        return { items: items.map((session) => ({ ...session, current: session.id === sessionId })) }
      },
    )

    server.delete(
      '/sessions/:sessionId',
      {
        config,
        schema: {
          operationId: 'endSession',
          summary: 'End a session of the member',
          tags,
          params: Type.Object({ sessionId: Type.String({ maxLength: 128 }) }),
          response: { 204: done, 404: problemSchema('There is no such session') },
        },
      },
      async (request, reply) => {
        const { person } = memberOf(accountCallerOf(request))
        const memberships = await listMemberships(db, person.id)
        await db.transaction().execute(async (tx) => {
          if (!(await endSession(tx, person.id, request.params.sessionId)))
            throw new Problem('not_found', 'You have no such session, or it has ended.')
          const entries = entriesOf(memberships, 'member.session_ended', fromOf(request))
          await recordAudits(tx, entries, newId, now())
        })
        return reply.code(204).send(null)
      },
    )

    server.post(
      '/sign-out-everywhere',
      {
        config,
        schema: {
          operationId: 'signOutEverywhere',
          summary: 'End all sessions of the member',
          tags,
          response: { 204: done },
        },
      },
      async (request, reply) => {
        const { person } = memberOf(accountCallerOf(request))
        const memberships = await listMemberships(db, person.id)
        await db.transaction().execute(async (tx) => {
          await endSessions(tx, person.id)
          await recordAudits(
            tx,
            entriesOf(memberships, 'member.signed_out_everywhere', fromOf(request)),
            newId,
            now(),
          )
        })
        writeCookies(reply, await signOut(options, sessionRequestOf(request)))
        return reply.code(204).send(null)
      },
    )
  }
}

/** Ends the session of the cookie, if it is one. @returns what lets the browser forget it. */
async function signOut(
  { auth }: Pick<PublicPeopleOptions, 'auth'>,
  { headers }: SessionRequest,
): Promise<Headers> {
  const { api } = await auth()
  return (await api.signOut({ headers, returnHeaders: true })).headers
}

/** Signing out works always, whatever has become of the session. */
export function signOutRoutes(options: Pick<PublicPeopleOptions, 'auth'>): (server: HttpServer) => void {
  return (server) => {
    server.post(
      '/sign-out',
      {
        schema: {
          operationId: 'signOut',
          summary: 'Sign out',
          tags,
          security: [{ session: [] }],
          response: { 204: done, ...publicRefusals },
        },
      },
      async (request, reply) => {
        if (hasSession(request)) writeCookies(reply, await signOut(options, sessionRequestOf(request)))
        return reply.code(204).send(null)
      },
    )
  }
}
