// Which scope unlocks which operation, both ways.
import { Problem } from '../vocabulary/problem.ts'
import type { StoredScope } from './store.ts'

/** How many operations one question may name. */
export const askedEndpoints = 10

/** The methods that an OpenAPI path item may have. */
const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const

/**
 * What each scope unlocks as the OpenAPI document of the routes says it, so that nobody types it twice.
 * @param paths of that document.
 */
export function endpointsByScope(paths: unknown): Map<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const [path, item] of entries(paths)) {
    for (const method of methods) {
      const operation = entries(item).find(([name]) => name === method)?.[1]
      for (const scope of requiredScopes(operation)) {
        const endpoints = found.get(scope) ?? []
        endpoints.push(`${method.toUpperCase()} ${path}`)
        found.set(scope, endpoints)
      }
    }
  }
  return found
}

function requiredScopes(operation: unknown): string[] {
  const security = entries(operation).find(([name]) => name === 'security')?.[1]
  if (!Array.isArray(security)) return []
  return security.flatMap((way: unknown) =>
    entries(way).flatMap(([, scopes]) =>
      Array.isArray(scopes) ? scopes.filter((scope: unknown) => typeof scope === 'string') : [],
    ),
  )
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

/**
 * The fewest scopes that unlock all of these operations; of equally few those that are not deprecated, then those that
 * unlock the least beside.
 * @param asked operations as the catalogue writes them, or as they are called: /documents/doc_1 for /documents/{documentId}.
 * @throws {Problem} `not_found` for an operation that no scope unlocks.
 */
export function smallestScopes(asked: readonly string[], scopes: readonly StoredScope[]): StoredScope[] {
  const wanted = [...new Set(asked)]
  const all = 2 ** wanted.length - 1
  const written = new Set(scopes.flatMap((scope) => scope.endpoints))
  // What is written so somewhere is that; only what is not may be a call of one with {name}.
  const matches = (endpoint: string, called: string) =>
    written.has(called) ? endpoint === called : isCallOf(endpoint, called)
  const candidates = new Map<number, StoredScope>()
  for (const scope of scopes) {
    const unlocked = wanted.reduce(
      (bits, called, index) =>
        scope.endpoints.some((endpoint) => matches(endpoint, called)) ? bits + 2 ** index : bits,
      0,
    )
    const known = candidates.get(unlocked)
    if (unlocked > 0 && (!known || cost(scope) < cost(known))) candidates.set(unlocked, scope)
  }
  for (const index of wanted.keys()) {
    if ([...candidates.keys()].some((bits) => bits & (2 ** index))) continue
    throw new Problem(
      'not_found',
      `No scope unlocks operation ${index + 1} of the question. Write it as METHOD /path; GET /account/scopes lists the endpoints of each scope.`,
    )
  }
  return cheapestCover(candidates, all)
}

/** Fewer scopes come first, then fewer deprecated ones, then fewer endpoints. */
function cost(scope: StoredScope): number {
  return 1e9 + (scope.deprecatedAt === null ? 0 : 1e5) + scope.endpoints.length
}

/** The cheapest set whose bits together are `all`: for each set of operations the best way to it. */
function cheapestCover(candidates: ReadonlyMap<number, StoredScope>, all: number): StoredScope[] {
  const best = new Map<number, { cost: number; scopes: StoredScope[] }>([[0, { cost: 0, scopes: [] }]])
  for (let done = 0; done < all; done += 1) {
    const way = best.get(done)
    if (!way) continue
    for (const [bits, scope] of candidates) {
      // Always larger than `done` when it adds anything, so that each way is whole before it is used.
      const next = done | bits
      const total = way.cost + cost(scope)
      if (next === done || total >= (best.get(next)?.cost ?? Number.POSITIVE_INFINITY)) continue
      best.set(next, { cost: total, scopes: [...way.scopes, scope] })
    }
  }
  return (best.get(all)?.scopes ?? []).toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

/** Whether a call is one of this operation: a segment {name} stands for any. */
function isCallOf(endpoint: string, called: string): boolean {
  if (!endpoint.includes('{')) return false
  const segments = endpoint.split('/')
  const parts = called.split('/')
  return (
    parts.length === segments.length &&
    segments.every((segment, index) => {
      const part = parts[index] ?? ''
      return segment === part || (/^\{[^{}]+\}$/.test(segment) && part !== '')
    })
  )
}
