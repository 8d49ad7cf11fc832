import type { KeyObject } from 'node:crypto'
import type { AccessToken } from './access-token.ts'
import type { ResourceServerClient } from './authorization-server.ts'
import type { Audiences } from './claims.ts'
import type { DpopNonces } from './dpop-proof.ts'
import type { FollowOptions } from './follow.ts'
import type { IntrospectionOptions } from './introspection.ts'
import type { ResourceMetadata } from './resource-metadata.ts'

/** What a guard needs to know. */
export interface GuardOptions {
  /** The authorization server, exactly as its tokens name it, e.g. `https://api.example/oauth`. */
  issuer: string
  /**
   * The audience of this API: one for each environment it serves. A token of another environment is
   * refused, also where claim and audience disagree.
   */
  audiences: Audiences
  /** Where the issuer publishes its keys. Default: `<issuer>/jwks`. */
  jwksUri?: string
  /** Finds a public key by `kid`, instead of fetching the published ones. */
  findKey?: (keyId: string) => KeyObject | undefined | Promise<KeyObject | undefined>
  /** Default: `['ES256', 'EdDSA', 'RS256']`. The key decides which of them it is; the token's header never chooses. */
  algorithms?: readonly string[]
  /** How far the clocks may differ, in seconds. Default: 30. */
  clockSkewSeconds?: number
  /** How many verified tokens are remembered until they expire. Default: 10,000. */
  rememberedTokens?: number
  /** Makes DPoP proofs without one of these nonces fail (RFC 9449 §9). Default: no nonces. */
  dpopNonces?: DpopNonces
  /** How many DPoP proofs are remembered, a minute or two each, so that none opens two calls. Default: 100,000. */
  rememberedProofs?: number
  /** The realm of the challenge. Default: the issuer's host. */
  realm?: string
  /** Where this API describes itself (RFC 9728), for the challenge; the test address is told to test tokens only. */
  resourceMetadata?: ResourceMetadata
  /** Where a client's scopes are set, for the refusal of a missing scope. Default: the dashboard beside the issuer. */
  fixUrl?: (token: AccessToken, requiredScope: string) => string
  /**
   * The API's own client for each environment of `audiences`, to ask the authorization server with: one of its
   * `resourceServers` in the catalogue. Needed for `introspection` and `follow`.
   */
  resourceServer?: Partial<Record<AccessToken['environment'], ResourceServerClient>>
  /**
   * Asks the authorization server about each token that verifies (RFC 7662): a revoked one is refused within
   * `cacheSeconds`. While it cannot be asked, calls are answered 503. Default: not asked.
   */
  introspection?: boolean | IntrospectionOptions
  /**
   * Follows the feed of revocations: a revoked token is refused within about a second, and no call waits for it.
   * Default: a revoked token passes until it expires.
   */
  follow?: boolean | FollowOptions
  /** Told when introspection or the feed begins to fail: once for each outage. Default: a warning of the process. */
  onError?: (error: Error) => void
  /** The clock in milliseconds. Default: `Date.now`. */
  now?: () => number
}
