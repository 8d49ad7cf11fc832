import { asObject } from './answer.ts'
import { type Json, type KnownClient, need, type Target } from './target.ts'

export interface Operation {
  method: string
  path: string
  scope: string
  /** Its answer has no end. */
  isStream: boolean
}

/** Every guarded operation, as the OpenAPI document lists them. */
export async function guardedOperations(target: Target): Promise<Operation[]> {
  const answer = await fetch(need(target.openApi, 'OpenAPI document'))
  const { paths } = asObject(await answer.json())
  return Object.entries(asObject(paths)).flatMap(([path, methods]) =>
    Object.entries(asObject(methods)).flatMap(([method, operation]) => {
      const scope = scopeOf(asObject(operation))
      const { content } = asObject(asObject(asObject(operation).responses)[200])
      const isStream = 'text/event-stream' in asObject(content)
      return scope === undefined ? [] : { method: method.toUpperCase(), path, scope, isStream }
    }),
  )
}

/** The client whose tokens open what this scope opens; the first that has it. @throws {Lacking} */
export function clientWith(target: Target, scope: string): KnownClient {
  const { account, operator } = target.clients ?? {}
  const client = [target.client, account, operator].find((candidate) => candidate?.scopes.includes(scope))
  return need(client, `client with the scope ${scope}`)
}

/** The address of an operation. @param fill what stands for a parameter of its path. */
export function addressOf(target: Target, path: string, fill: (name: string) => string): string {
  const filled = path.replace(/\{(\w+)\}/g, (_match, name) => encodeURIComponent(fill(name)))
  return new URL(target.issuer).origin + filled
}

function scopeOf({ security }: Json): string | undefined {
  for (const requirements of Array.isArray(security) ? security : []) {
    const { accessToken } = asObject(requirements)
    if (Array.isArray(accessToken) && typeof accessToken[0] === 'string') return accessToken[0]
  }
  return undefined
}
