import type { FastifyRequest } from 'fastify'
import { Problem } from '../vocabulary/problem.ts'

/**
 * What Node lets pass although two readers could understand it differently (RFC 9112 §3.2, §6.1):
 * a repeated Host, any Transfer-Encoding but chunked. And an id with a NUL, which PostgreSQL cannot even look for.
 */
export function refuseBrokenRequests(request: FastifyRequest): Problem | undefined {
  const { rawHeaders } = request.raw
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    // By length first: this loop runs on every request.
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
    else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      if (rawHeaders[index + 1]?.toLowerCase() !== 'chunked') {
        return new Problem(
          'invalid_request',
          'The Transfer-Encoding is not supported. Send chunked, or a Content-Length.',
        )
      }
    }
  }
  if (hosts > 1)
    return new Problem('invalid_request', 'The request has more than one Host header. Send exactly one.')
  return request.raw.url?.includes('%00') && hasNul(request.params)
    ? new Problem('invalid_request', 'The address holds a NUL character, and no id does.')
    : undefined
}

/** Whether a named part of the path holds one; what `*` stands for is looked up in lists of ours. */
function hasNul(parameters: unknown): boolean {
  return Object.entries(parameters ?? {}).some(
    ([name, value]) => name !== '*' && typeof value === 'string' && value.includes('\0'),
  )
}
