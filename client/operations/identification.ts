import { type Api, type CallOptions, callForJson, jsonBody, type List, listAt, segment } from './call.ts'
import type { paths } from './openapi-types.ts'

/** An identification session as the API shows it. */
export type Session =
  paths['/identification/sessions/{sessionId}']['get']['responses'][200]['content']['application/json']

type SessionBody = paths['/identification/sessions']['post']['requestBody']['content']['application/json']

/** What a session may be made with; `expiresInSeconds` (60 to 3600) is 900 by default. */
export type NewSession = Partial<SessionBody> & CallOptions

export interface Identification {
  /** Sessions, newest first. Scope `identify` for all of it. */
  sessions: List<Session> & {
    create: (session?: NewSession) => Promise<Session>
    get: (sessionId: string, options?: CallOptions) => Promise<Session>
  }
}

const path = '/identification/sessions'

/**
 * The identification API, typed.
 *
 * @example
 * const { sessions } = identification(createClient({ scopes: ['identify'] }))
 * const { id } = await sessions.create({ expiresInSeconds: 600 })
 */
export function identification(api: Api): Identification {
  return {
    sessions: {
      ...listAt<Session>(api, path),
      create: async ({ signal, ...session } = {}) => callForJson(api, path, { signal }, jsonBody(session)),
      get: async (sessionId, options = {}) => callForJson(api, `${path}/${segment(sessionId)}`, options),
    },
  }
}
