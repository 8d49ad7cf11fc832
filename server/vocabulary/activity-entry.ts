import type { Environment } from './environment.ts'

/** One thing that happened: a token request or a guarded call, granted or refused. Its id is the `Request-Id`. */
export interface ActivityEntry {
  /** `req_` and a UUIDv7: entries sort by it. */
  id: string
  /** Milliseconds, when it was answered. */
  at: number
  kind: 'token_request' | 'api_call'
  /** Null: nobody's; a client id that does not exist, a token that does not verify. */
  accountId: string | null
  environment: Environment | null
  /** The client that asked, or that the caller claimed to be; whether it was proven says `error`. */
  clientId: string | null
  /** The secret that authenticated the client; of a call: null. */
  secretId: string | null
  /** Space-delimited: what was granted, and where nothing was, what was asked for; of a call those of the token. */
  scopes: string
  /** The scope that the operation requires; of a token request null. */
  requiredScope: string | null
  /** Method and pattern of the route, e.g. `GET /signature/documents/:documentId`. Never the address itself. */
  operation: string
  status: number
  /** The code of the refusal; null: granted. */
  error: string | null
  /** The true reason of a refusal, for the owner of the client alone. */
  reason: string | null
  durationMs: number
  /** Personal data: cut after a while. */
  address: string | null
  userAgent: string | null
  /** The host name that the caller used: the deprecated one shows here. */
  host: string
  /** Which node answered. */
  node: string
  /** One of a flood of refusals: it is counted, and not kept. */
  countedOnly?: true
}

/** What the place that answers knows of an entry; when and on which node is added to it. */
export type Happening = Omit<ActivityEntry, 'at' | 'node'>
