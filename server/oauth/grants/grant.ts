import type { Client } from '../../clients/client.ts'
import type { TokenRequest } from '../token-request.ts'

/** A grant type (RFC 6749 §1.3): what is its own; the pipeline does the rest. */
export interface Grant {
  /** Its value of `grant_type`. */
  name: string
  /** Decides what the client gets. @throws {OAuthError} when it gets nothing. */
  grant: (request: TokenRequest, client: Client) => { scopes: string[] }
}
