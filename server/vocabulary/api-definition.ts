/** One scope as it is registered: its name on the wire and a sentence for people. */
export interface ScopeDefinition {
  name: string
  description: string
}

/** An API that is built in: its id is its path prefix, its scopes are what its routes require. */
export interface ApiDefinition {
  id: string
  name: string
  scopes: readonly ScopeDefinition[]
}
