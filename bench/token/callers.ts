import { randomBytes } from 'node:crypto'
import type { LoadRequest } from '../load/order.ts'

/** An API client of the run, the same one at every candidate. */
export interface BenchClient {
  clientId: string
  clientSecret: string
}

/** What every request asks for. */
export const scope = 'document_read'

const clientCount = 1000

export function makeCallers(): BenchClient[] {
  return Array.from({ length: clientCount }, (_, index) => ({
    clientId: `test-bench-client-${String(index).padStart(4, '0')}`,
    clientSecret: randomBytes(32).toString('base64url'),
  }))
}

/** A token request of each client, with HTTP Basic (RFC 6749 §2.3.1; nothing in these needs escaping). */
export function tokenRequests(callers: readonly BenchClient[]): LoadRequest[] {
  return callers.map(({ clientId, clientSecret }) => ({
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: `grant_type=client_credentials&scope=${scope}`,
  }))
}
