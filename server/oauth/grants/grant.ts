import type { StoredScope } from '../../catalogue/store.ts'
import type { Client } from '../../clients/client.ts'
import type { TokenRequest } from '../token-request.ts'

/** What grants tell others. */
export interface GrantOptions {
  /** A client is given a scope that has a better one by now. */
  onDeprecatedScope: (client: Client, scope: StoredScope) => void
}

/** A grant type (RFC 6749 §1.3): what is its own; the pipeline does the rest. */
export interface Grant {
  /** Its value of `grant_type`. */
  name: string
  /** Decides what the client gets. @throws {OAuthError} when it gets nothing. */
  grant: (request: TokenRequest, client: Client) => { scopes: string[] }
}
