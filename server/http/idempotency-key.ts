// The Idempotency-Key header of creations (draft-ietf-httpapi-idempotency-key-header): who sends a request again gets
// the answer of the first time. `doOnce` of idempotency.ts does the work; this reads the request and writes the answer.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accountCallerOf } from './account-routes.ts'

/** `schema.headers` of an operation that creates something. */
export const idempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,255}$',
      description:
        'A random UUID of yours. The same request sent again with it within 24 hours makes nothing twice: it gets the first answer again, with Idempotency-Replayed: true. Another request with it is 409.',
    }),
  ),
})

/** A request of the account API as `doOnce` takes it. */
export interface KeyedCreation {
  accountId: string
  environment: string
  actor: string
  key: string | undefined
  operation: string
  body: unknown
}

/** Call it in the handler, when the body was read and checked. */
export function keyedRequest(request: FastifyRequest): KeyedCreation {
  const { accountId, environment, actor } = accountCallerOf(request)
  const key = request.headers['idempotency-key']
  const { params, query } = request
  return {
    accountId,
    // A member manages both: then the address says which, and it is part of the operation.
    environment: environment ?? 'both',
    actor: JSON.stringify([actor.kind, actor.id]),
    key: Array.isArray(key) ? key.join(', ') : key,
    // The route and what fills it: an address can be written in several ways.
    operation: JSON.stringify([
      request.method,
      request.routeOptions.url ?? '',
      inOrder(params),
      inOrder(query),
    ]),
    body: inOrder(request.body),
  }
}

/** Writes status and `Idempotency-Replayed`; the route returns the body. Write an ETag or Location from the body too. */
export function writeKeyed<Body>(
  reply: FastifyReply,
  answer: { status: number; body: Body; repeated: boolean },
): Body {
  reply.code(answer.status)
  if (answer.repeated) reply.header('idempotency-replayed', 'true')
  return answer.body
}

/** The same with the members of its objects sorted: {a, b} and {b, a} are one body. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]): [string, unknown] => [name, inOrder(member)])
  return Object.fromEntries(members.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
