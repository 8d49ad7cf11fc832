import { asObject } from './answer.ts'
import { type Json, need, type Target } from './target.ts'

export interface Operation {
  method: string
  path: string
  scope: string
}

/** Every guarded operation, as the OpenAPI document lists them. */
export async function guardedOperations(target: Target): Promise<Operation[]> {
  const answer = await fetch(need(target.openApi, 'OpenAPI document'))
  const { paths } = asObject(await answer.json())
  return Object.entries(asObject(paths)).flatMap(([path, methods]) =>
    Object.entries(asObject(methods)).flatMap(([method, operation]) => {
      const scope = scopeOf(asObject(operation))
      return scope === undefined ? [] : { method: method.toUpperCase(), path, scope }
    }),
  )
}

function scopeOf({ security }: Json): string | undefined {
  for (const requirements of Array.isArray(security) ? security : []) {
    const { accessToken } = asObject(requirements)
    if (Array.isArray(accessToken) && typeof accessToken[0] === 'string') return accessToken[0]
  }
  return undefined
}
