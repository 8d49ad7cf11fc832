// An entry of the activity on the wire.
import { type Static, Type } from 'typebox'
import { isoTime } from '../vocabulary/clock.ts'
import { environments } from '../vocabulary/environment.ts'
import type { ActivityEntry } from './entry.ts'

const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(
  schema: Schema,
  description: string,
) => Type.Union([schema, Type.Null()], { description })

const entryMembers = {
  requestId: Type.String({ description: 'The Request-Id of the answer.' }),
  at: Type.String({ format: 'date-time', description: 'When it was answered.' }),
  kind: Type.Enum(['token_request', 'api_call']),
  operation: Type.String({ description: 'Method and pattern of the route; never the address itself.' }),
  status: Type.Integer(),
  granted: Type.Boolean(),
  error: orNull(Type.String(), 'The code of the refusal.'),
  reason: orNull(
    Type.String(),
    'Why, for you alone: outsiders see one answer. Also what is worth knowing of a granted request.',
  ),
  clientId: orNull(
    Type.String(),
    'The client that called, or that the caller claimed to be: with the error invalid_client it did not prove it.',
  ),
  secretId: orNull(Type.String(), 'The secret that authenticated the client.'),
  scopes: Type.Array(Type.String(), {
    description: 'Granted; where nothing was granted those asked for; of a call those of its token.',
  }),
  requiredScope: orNull(Type.String(), 'The scope that the operation requires.'),
  durationMs: Type.Number(),
  address: orNull(Type.String(), 'The IP address of the caller; cut after a while.'),
  userAgent: orNull(Type.String(), 'What the caller says it is. Show it as text, never as HTML.'),
  host: Type.String({ description: 'The host name that the caller used.' }),
  node: Type.String({ description: 'Which node answered.' }),
}

export const entrySchema = Type.Object(entryMembers)

export type EntryAnswer = Static<typeof entrySchema>

/** For the operator: whose it is, too. */
export const deploymentEntrySchema = Type.Object({
  ...entryMembers,
  accountId: orNull(
    Type.String(),
    "Null: nobody's; the client does not exist, or the token does not verify.",
  ),
  environment: orNull(Type.Enum([...environments]), 'Null: not known.'),
})

export function entryAnswer(entry: ActivityEntry): EntryAnswer {
  return {
    requestId: entry.id,
    at: isoTime(entry.at),
    kind: entry.kind,
    operation: entry.operation,
    status: entry.status,
    granted: entry.error === null,
    error: entry.error,
    reason: entry.reason,
    clientId: entry.clientId,
    secretId: entry.secretId,
    scopes: scopesOf(entry),
    requiredScope: entry.requiredScope,
    durationMs: entry.durationMs,
    address: entry.address,
    userAgent: entry.userAgent,
    host: entry.host,
    node: entry.node,
  }
}

export function deploymentEntryAnswer(entry: ActivityEntry): Static<typeof deploymentEntrySchema> {
  return { ...entryAnswer(entry), accountId: entry.accountId, environment: entry.environment }
}

export function scopesOf({ scopes }: ActivityEntry): string[] {
  return scopes.split(' ').filter((scope) => scope !== '')
}
