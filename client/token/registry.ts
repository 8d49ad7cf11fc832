import { processMap } from '../process-map.ts'
import type { Runtime } from '../runtime.ts'
import { createTokenLife, type TokenLife } from './token.ts'

/** Token lives by what they depend on. */
export type Registry = Map<string, TokenLife>

export function processRegistry(): Registry {
  return processMap('tokens 2')
}

/** What a token depends on. Two clients that agree in all of it share the token. */
export interface TokenKey {
  tokenEndpoint: string
  clientId: string
  fingerprint: string
  scopes: readonly string[]
  resource: string | undefined
  /** Of the key that the token is bound to. */
  thumbprint: string | undefined
}

export function nameOfKey(key: TokenKey): string {
  const { tokenEndpoint, clientId, fingerprint, scopes, resource = null, thumbprint = null } = key
  return JSON.stringify([tokenEndpoint, clientId, fingerprint, scopes, resource, thumbprint])
}

export function tokenLifeOf(registry: Registry, name: string, runtime: Runtime): TokenLife {
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
