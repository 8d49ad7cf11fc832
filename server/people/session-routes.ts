import { accountCallerOf } from '../http/account-routes.ts'
import type { HttpServer } from '../http/server.ts'
import { presentSession, type SessionFacts, sessionAnswer } from './session-answer.ts'

const tags = ['People']

/** What a member does with his own sign-in. */
export function sessionRoutes(facts: SessionFacts): (server: HttpServer) => void {
  return (server) => {
    server.get(
      '/session',
      {
        config: { permission: 'session:own' },
        schema: { summary: 'Who is signed in', tags, response: { 200: sessionAnswer } },
      },
      async (request) => presentSession(facts, accountCallerOf(request)),
    )
  }
}
