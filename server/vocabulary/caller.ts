import type { Owner } from './owner.ts'

/** Who makes a guarded call, once the token was accepted and its client found. */
export interface Caller extends Owner {
  /** The API client that the token was issued to. */
  clientId: string
  /** The scopes of the token. */
  scopes: readonly string[]
}
