// What the pages know of a member who is signed in; app.ts hands it in.
import type { SessionRequest } from '../../http/session-check.ts'
import type { Environment } from '../../vocabulary/environment.ts'

/** An API client of the reader's account. */
export interface ReaderClient {
  id: string
  name: string
  environment: Environment
  scopes: readonly string[]
}

/** A refused request of the reader's account, with the true reason. */
export interface ReaderRequest {
  requestId: string
  whatHappened: string
  why: string | null
  /** Where the client is edited, with what is missing picked out. */
  editUrl: string | null
  /** The code that it was refused with; null when it was not. */
  error: string | null
  /** Where the dashboard shows it, a path. */
  logsPath: string
}

/** A member who looks at the documentation. */
export interface Reader {
  /** The clients of his account, newest first, those of test before those of production; at most a hundred of each. */
  clients: () => Promise<readonly ReaderClient[]>
  /** A request of his account; undefined for one of anybody else, and for one that never was. */
  findRequest: (requestId: string) => Promise<ReaderRequest | undefined>
}

/** Who looks, by the session cookie of a request; undefined for a stranger. */
export type FindReader = (request: SessionRequest) => Promise<Reader | undefined>

/** The client whose id stands in the examples: the one that is asked for, else the newest of test. */
export async function chosenClient(
  reader: Reader | undefined,
  wanted: string | undefined,
): Promise<ReaderClient | undefined> {
  const clients = (await reader?.clients()) ?? []
  return clients.find(({ id }) => id === wanted) ?? clients[0]
}
