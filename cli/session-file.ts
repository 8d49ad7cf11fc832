// The session that `latchkey login` brought, for each Latchkey: in a file that only its owner reads.
import { join } from 'node:path'
import { isRecord } from './json.ts'
import { configFolder, readIfThere, replacePrivateFile } from './private-file.ts'

/** What is kept of a sign-in. */
export interface KeptSession {
  /** The Cookie header: name and value. */
  cookie: string
  email: string
}

function sessionsFile(): string {
  return join(configFolder(), 'sessions.json')
}

/** The session at an origin; undefined: nobody is signed in there. */
export function findSession(origin: string): KeptSession | undefined {
  const found = readSessions()[origin]
  if (!isRecord(found) || typeof found.cookie !== 'string' || typeof found.email !== 'string')
    return undefined
  return { cookie: found.cookie, email: found.email }
}

export function keepSession(origin: string, session: KeptSession): void {
  write({ ...readSessions(), [origin]: session })
}

/** @returns false when there was none. */
export function forgetSession(origin: string): boolean {
  const { [origin]: session, ...others } = readSessions()
  if (session === undefined) return false
  write(others)
  return true
}

function write(sessions: Record<string, unknown>): void {
  replacePrivateFile(sessionsFile(), `${JSON.stringify(sessions, null, 2)}\n`)
}

/** A file that was damaged is no session: the next sign-in writes a new one. */
function readSessions(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readIfThere(sessionsFile()) ?? '{}')
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}
