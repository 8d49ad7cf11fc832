import type { AuthenticationMethodName, Client } from '../../clients/client.ts'
import type { TokenRequest } from '../token-request.ts'

/** What a caller claims by one method; nothing is verified yet. */
export interface Presented {
  clientId: string
  /** Verifies the claim. @returns how it was proven, or undefined when it does not hold. */
  verify: (client: Client | undefined) => Proof | undefined | Promise<Proof | undefined>
  /** Why it did not hold for this client, once it was verified; for its owner, and never with what was sent. */
  explain: (client: Client) => string | Promise<string>
}

export interface Proof {
  /** The secret that was used, for its last use; methods without secrets have none. */
  secretId?: string
  /** The thumbprint of the certificate that authenticated the client: its tokens are bound to it (RFC 8705 §3). */
  certificateThumbprint?: string
}

/** A client-authentication method (RFC 6749 §2.3): adding one is a file and a line in `index.ts`. */
export interface ClientAuthenticationMethod {
  /**
   * Its name in metadata and on the client (RFC 7591 §2); more than one where the request looks the same
   * and the client's set-up decides.
   */
  names: readonly AuthenticationMethodName[]
  /**
   * Looks whether the request uses this method; never verifies.
   * @returns undefined when it does not; `broken` when it does, unreadably.
   */
  presented: (request: TokenRequest) => Presented | 'broken' | undefined
}
