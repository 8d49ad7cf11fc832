/**
 * Who may have a scope: every account; those that an operator gave it; or, for Latchkey's own operations, as
 * `permission.ts` says.
 */
export type ScopeAccess = 'everyone' | 'granted' | 'reserved'

/** One scope as it is registered: its name on the wire and a sentence for people. */
export interface ScopeDefinition {
  name: string
  description: string
  /** Default: everyone. */
  access?: ScopeAccess
  /** What it unlocks, e.g. `GET /orders`; those of built-in APIs come from their routes. */
  endpoints?: readonly string[]
}

/** An API that is built in: its id is its path prefix, its scopes are what its routes require. */
export interface ApiDefinition {
  id: string
  name: string
  /** A sentence for people. */
  description?: string
  scopes: readonly ScopeDefinition[]
}
