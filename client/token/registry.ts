import type { Runtime } from '../runtime.ts'
import { createTokenLife, type TokenLife } from './token.ts'

/** Token lives by what they depend on. */
export type Registry = Map<string, TokenLife>

/** The name changes with the shape of `TokenLife`. */
const place = Symbol.for('@latchkey/client tokens 1')

/**
 * The registry of this process: the same for every client object, and for every copy of this package that a
 * bundler or a reload makes.
 */
export function processRegistry(): Registry {
  const existing: unknown = Reflect.get(globalThis, place)
  if (existing instanceof Map) return existing
  const registry: Registry = new Map()
  Reflect.defineProperty(globalThis, place, { value: registry })
  return registry
}

/** What a token depends on. Two clients that agree in all of it share the token. */
export interface TokenKey {
  tokenEndpoint: string
  clientId: string
  fingerprint: string
  scopes: readonly string[]
}

export function tokenLifeOf(registry: Registry, key: TokenKey, runtime: Runtime): TokenLife {
  const name = JSON.stringify([key.tokenEndpoint, key.clientId, key.fingerprint, key.scopes])
  const existing = registry.get(name)
  if (existing) return existing
  forgetIdle(registry)
  const life = createTokenLife(runtime)
  registry.set(name, life)
  return life
}

/** Secrets rotate and clients come and go: what has no living token is not kept for ever. */
function forgetIdle(registry: Registry): void {
  for (const [name, life] of registry) if (life.idle()) registry.delete(name)
}
