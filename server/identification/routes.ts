import { Type } from 'typebox'
import type { Database } from '../database/tables.ts'
import { callerOf } from '../http/guarded-routes.ts'
import { listOf, listQuery, page, pageRequest } from '../http/list.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { isoTime, type NewId, type Now } from '../vocabulary/clock.ts'
import { Problem } from '../vocabulary/problem.ts'
import { lifetime, type Session, statusAt } from './session.ts'
import { findSession, insertSession, listSessions } from './store.ts'

export interface IdentificationOptions {
  db: Database
  now: Now
  newId: NewId
}

export const sessionAnswer = Type.Object({
  id: Type.String({
    description: 'idn_ and a UUIDv7.',
    examples: ['idn_01993f3c-7a2b-7c41-9b0e-5f1d2c3b4a59'],
  }),
  status: Type.Union([Type.Literal('created'), Type.Literal('expired')]),
  createdAt: Type.String({ format: 'date-time' }),
  expiresAt: Type.String({ format: 'date-time' }),
})

const newSession = Type.Object(
  {
    expiresInSeconds: Type.Integer({
      minimum: lifetime.minSeconds,
      maximum: lifetime.maxSeconds,
      default: lifetime.defaultSeconds,
      description: 'How long the person has.',
    }),
  },
  { additionalProperties: false },
)

export function identificationRoutes({
  db,
  now,
  newId,
}: IdentificationOptions): (server: HttpServer) => void {
  return (server) => {
    server.post(
      '/sessions',
      {
        config: { scope: 'identify' },
        schema: {
          operationId: 'createIdentificationSession',
          summary: 'Create an identification session',
          body: newSession,
          response: { 201: sessionAnswer, 415: problemSchema('The body is not JSON') },
        },
        preValidation: async (request) => {
          // The only member has a default, so no body at all is a request too.
          if (request.body === undefined) request.body = { expiresInSeconds: lifetime.defaultSeconds }
        },
      },
      async (request, reply) => {
        const caller = callerOf(request)
        const createdAt = now()
        const expiresAt = createdAt + request.body.expiresInSeconds * 1000
        const session: Session = {
          id: newId('idn'),
          status: statusAt(expiresAt, createdAt),
          createdAt,
          expiresAt,
        }
        await insertSession(db, caller, caller.clientId, session)
        reply.code(201).header('location', `/identification/sessions/${session.id}`)
        return presentSession(session)
      },
    )

    server.get(
      '/sessions',
      {
        config: { scope: 'identify' },
        schema: {
          operationId: 'listIdentificationSessions',
          summary: 'List identification sessions, newest first',
          querystring: listQuery,
          response: { 200: listOf(sessionAnswer) },
        },
      },
      async (request) => {
        const wanted = pageRequest(request.query)
        const { items, nextCursor } = page(
          await listSessions(db, callerOf(request), wanted, now()),
          wanted.limit,
        )
        return { items: items.map(presentSession), nextCursor }
      },
    )

    server.get(
      '/sessions/:sessionId',
      {
        config: { scope: 'identify' },
        schema: {
          operationId: 'getIdentificationSession',
          summary: 'Read an identification session',
          params: Type.Object({ sessionId: Type.String({ description: 'The id of the session.' }) }),
          response: {
            200: sessionAnswer,
            404: problemSchema('No such session in this account and environment'),
          },
        },
      },
      async (request) => {
        const session = await findSession(db, callerOf(request), request.params.sessionId, now())
        if (session) return presentSession(session)
        throw new Problem(
          'not_found',
          'There is no such session in this account and environment. GET /identification/sessions lists them.',
        )
      },
    )
  }
}

export function presentSession(session: Session) {
  return {
    ...session,
    createdAt: isoTime(session.createdAt),
    expiresAt: isoTime(session.expiresAt),
  }
}
