// Reads what `chainLine` wrote. A file of its own: only a command needs it, and its package takes 10 MB.
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { AuditRow } from '../audit.ts'

const nullable = <Schema extends ReturnType<typeof Type.String>>(schema: Schema) =>
  Type.Union([schema, Type.Null()])
const chainLineSchema = Type.Object({
  seq: Type.Integer(),
  id: Type.String(),
  at: Type.String(),
  accountId: nullable(Type.String()),
  environment: Type.Union([Type.Literal('test'), Type.Literal('production'), Type.Null()]),
  actor: Type.Object({
    kind: Type.Union((['client', 'member', 'command', 'system'] as const).map((kind) => Type.Literal(kind))),
    id: Type.String(),
  }),
  address: nullable(Type.String()),
  addressSalt: nullable(Type.String()),
  addressDigest: Type.String(),
  requestId: nullable(Type.String()),
  action: Type.String(),
  object: Type.Object({
    kind: Type.String(),
    id: Type.String(),
    version: Type.Union([Type.Integer(), Type.Null()]),
  }),
  before: nullable(Type.String()),
  after: nullable(Type.String()),
  hash: Type.String(),
})

/** The row behind a line of the operator's export; undefined: it is none. */
export function readChainLine(line: string): AuditRow | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (!Value.Check(chainLineSchema, value)) return undefined
  return {
    seq: value.seq,
    id: value.id,
    at: Date.parse(value.at),
    account_id: value.accountId,
    environment: value.environment,
    actor_kind: value.actor.kind,
    actor_id: value.actor.id,
    address: value.address,
    address_salt: value.addressSalt,
    address_digest: value.addressDigest,
    request_id: value.requestId,
    action: value.action,
    object_kind: value.object.kind,
    object_id: value.object.id,
    object_version: value.object.version,
    before: value.before,
    after: value.after,
    hash: value.hash,
  }
}
