// Optimistic concurrency (RFC 9110 §13): who changes something says which state of it he has seen.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Problem } from '../vocabulary/problem.ts'
import type { SeenVersion } from '../vocabulary/seen-version.ts'

/** Says which version the answer shows (RFC 9110 §8.8.3). */
export function writeVersion(reply: FastifyReply, version: number): void {
  reply.header('etag', `"${version}"`)
}

/** `schema.headers` of an operation that changes something. */
export const versionHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      maxLength: 100,
      description: 'The ETag of what you have seen; * overwrites whatever is there.',
    }),
  ),
})

/**
 * The version that a change is based on, from `If-Match`.
 * @throws {Problem} `precondition_required` without it, `invalid_request` for what is no ETag of ours.
 */
export function seenVersion(request: FastifyRequest): SeenVersion {
  const header = request.headers['if-match']
  if (header === undefined) {
    throw new Problem(
      'precondition_required',
      'Say which state you change: read it, then send its ETag as If-Match. If-Match: * overwrites whatever is there.',
    )
  }
  if (header.trim() === '*') return 'any'
  const version = /^\s*"(\d{1,15})"\s*$/.exec(header)?.[1]
  if (version !== undefined) return Number(version)
  throw new Problem(
    'invalid_request',
    'The If-Match header is no ETag of ours. Send the ETag of the last answer, unchanged and with its quotes.',
  )
}

/** The same for an operation that does one thing whatever the state: without If-Match it is done. */
export function seenVersionIfAny(request: FastifyRequest): SeenVersion {
  return request.headers['if-match'] === undefined ? 'any' : seenVersion(request)
}
