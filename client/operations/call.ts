// What the operations of all APIs have in common.
import type { Latchkey } from '../create-client.ts'
import { readApiError } from './api-error.ts'

/** What operations need of a client. */
export type Api = Pick<Latchkey, 'fetch' | 'errorFrom'>

export interface CallOptions {
  /** Ends the call, and its wait for a token. */
  signal?: AbortSignal | undefined
}

/** Which page of a list. */
export interface ListQuery extends CallOptions {
  /** Where the last page ended: its `nextCursor`. */
  cursor?: string | undefined
  /** How many items a page has, 1 to 100. Default 25. */
  limit?: number | undefined
}

export interface Page<Item> {
  items: Item[]
  /** For the next page; null on the last one. */
  nextCursor: string | null
}

/** What an operation sends. */
interface Sent {
  method?: string
  headers?: Record<string, string>
  body?: string | FormData
}

/**
 * @throws {InsufficientScopeError} for a 403, {TokenRefusedError} for a 401, {ApiError} for any other refusal.
 * @throws what `fetch` of the client throws.
 */
export async function call(api: Api, path: string, init: Sent, options: CallOptions): Promise<Response> {
  const { signal } = options
  const response = await api.fetch(path, { ...init, ...(signal && { signal }) })
  if (response.ok) return response
  throw (await api.errorFrom(response)) ?? (await readApiError(response))
}

/** @throws as `call` does. */
export async function callForJson<Answer>(
  api: Api,
  path: string,
  options: CallOptions,
  init: Sent = {},
): Promise<Answer> {
  const headers = { accept: 'application/json', ...init.headers }
  return (await call(api, path, { ...init, headers }, options)).json()
}

/** A body of JSON, and its type. */
export function jsonBody(body: object): Sent {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** A list that is read page by page, or item by item. */
export interface List<Item> {
  list: (query?: ListQuery) => Promise<Page<Item>>
  all: (query?: ListQuery) => AsyncGenerator<Item, void, undefined>
}

export function listAt<Item>(api: Api, path: string): List<Item> {
  const list: List<Item>['list'] = ({ cursor, limit, ...options } = {}) => {
    const query = new URLSearchParams()
    if (cursor !== undefined) query.set('cursor', cursor)
    if (limit !== undefined) query.set('limit', String(limit))
    return callForJson(api, query.size > 0 ? `${path}?${query}` : path, options)
  }
  return {
    list,
    async *all(query = {}) {
      let page = await list(query)
      yield* page.items
      while (page.nextCursor !== null) {
        page = await list({ ...query, cursor: page.nextCursor })
        yield* page.items
      }
    },
  }
}

/**
 * An id as a part of a path.
 * @throws {TypeError} for what would lead to another operation.
 */
export function segment(id: string): string {
  if (typeof id !== 'string' || /^\.{0,2}$/.test(id)) throw new TypeError('The id is empty, or none.')
  return encodeURIComponent(id)
}
