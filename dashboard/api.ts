// The door to the account API: typed by openapi.json, in the browser's session.
import { QueryClient } from '@tanstack/react-query'
import createClient from 'openapi-fetch'
import type { paths } from './openapi-types.ts'
import { sessionAnswered, sessionRefused } from './session-end.ts'

/** A refusal of the API (RFC 9457), or a failure on the way to it. */
export class ApiProblem extends Error {
  /** 0: no answer came. */
  readonly status: number
  /** The last part of `type`, e.g. `precondition_failed`. */
  readonly code: string
  readonly title: string
  readonly requestId: string | undefined
  /** Members beside those of RFC 9457, e.g. `errors` and `changes`. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(status: number, body: Record<string, unknown>) {
    const text = (name: string) => (typeof body[name] === 'string' ? body[name] : undefined)
    super(text('detail') ?? text('error_description') ?? text('title') ?? 'The server gave no answer.')
    this.name = 'ApiProblem'
    this.status = status
    this.title = text('title') ?? 'No answer'
    this.code = (text('type') ?? text('error') ?? 'no_answer').split('/').at(-1) ?? ''
    this.requestId = text('requestId')
    this.members = body
  }
}

/** Calls of the account API. Await them through `read`, or look at `response` for the ETag. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin', redirect: 'error' })

api.use({
  async onResponse({ request, response }) {
    if (response.ok) {
      sessionAnswered()
      return undefined
    }
    const body: unknown = await response.json().catch(() => ({}))
    const problem = new ApiProblem(response.status, isRecord(body) ? body : {})
    if (problem.code === 'signed_out') sessionRefused(request.method !== 'GET')
    throw problem
  },
  onError({ error }) {
    // fetch throws a TypeError when the network or the server is away: what was sent may or may not have been done.
    return error instanceof ApiProblem
      ? error
      : new ApiProblem(0, {
          title: 'No answer',
          detail:
            'The server cannot be reached. Check the connection, then try again: nothing that you typed is lost.',
        })
  },
})

/** The body of an answer. @throws {ApiProblem} */
export async function read<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call
  if (data === undefined) throw new ApiProblem(0, { detail: 'The answer is empty.' })
  return data
}

/** A body with the ETag that a change of it must name. */
export interface Versioned<T> {
  data: T
  etag: string
}

/** The same with the state that it shows. @throws {ApiProblem} */
export async function readVersioned<T>(
  call: Promise<{ data?: T; response: Response }>,
): Promise<Versioned<T>> {
  const { data, response } = await call
  if (data === undefined) throw new ApiProblem(0, { detail: 'The answer is empty.' })
  return { data, etag: response.headers.get('etag') ?? '' }
}

/** What was asked for is not there (any more). Any other failure leaves what is shown, and what is typed, as it is. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 404
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export const queryClient = new QueryClient({
  defaultOptions: {
    // Offline a call fails and says so; it does not wait in secret.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 10_000,
      // A refusal stays a refusal; only what did not arrive is tried again.
      retry: (count, error) => count < 2 && error instanceof ApiProblem && [0, 503].includes(error.status),
    },
  },
})
