import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import { listQuery } from '../http/list.ts'

const time = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }))
const name = (description: string) =>
  Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]*$', description }),
  )
const period = {
  from: time('Not before this time.'),
  to: time('Before this time.'),
}
const objectKinds = [
  'client',
  'secret',
  'api',
  'scope',
  'account',
  'member',
  'invitation',
  'signing_key',
  'deployment',
] as const
const actorKinds = ['client', 'member', 'command', 'system'] as const
const oneOf = <Name extends string>(names: readonly Name[]) =>
  Type.Union(names.map((one) => Type.Literal(one)))

const filters = {
  ...listQuery.properties,
  ...period,
  environment: Type.Optional(oneOf(['test', 'production'])),
  action: name('What was done, e.g. client.created.'),
  objectKind: Type.Optional(oneOf(objectKinds)),
  objectId: name('To which client, secret, API, scope, account or key.'),
  actorKind: Type.Optional(oneOf(actorKinds)),
  actorId: name('By whom: a client id, a member id, the name of a command or of periodic work.'),
}

export const accountAuditQuery = Type.Object(filters, { additionalProperties: false })
export const deploymentAuditQuery = Type.Object(
  { ...filters, accountId: name('Entries that concern this account.') },
  { additionalProperties: false },
)
export const periodQuery = Type.Object(period, { additionalProperties: false })

const orNull = <Schema extends ReturnType<typeof Type.String>>(schema: Schema) =>
  Type.Union([schema, Type.Null()])
const members = (description: string) =>
  Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()], { description })

const entry = {
  id: Type.String({ description: 'aud_ and a UUIDv7.' }),
  at: Type.String({ format: 'date-time', description: 'When.' }),
  environment: Type.Union([Type.Literal('test'), Type.Literal('production'), Type.Null()], {
    description: 'null: it concerns both.',
  }),
  actor: Type.Object(
    {
      kind: Type.String({ description: `${actorKinds.join(', ')}.` }),
      id: Type.String(),
    },
    { description: 'Who: an API client, a member, a command of the operator, or Latchkey itself (system).' },
  ),
  address: Type.Union([Type.String(), Type.Null()], {
    description: 'From where. Cut after a while (LATCHKEY_ADDRESS_DAYS).',
  }),
  requestId: orNull(Type.String({ description: 'The Request-Id of the request that did it.' })),
  action: Type.String({ description: 'Object and verb, e.g. client.created.' }),
  object: Type.Object({
    kind: Type.String({ description: `${objectKinds.join(', ')}.` }),
    id: Type.String(),
    version: Type.Union([Type.Integer(), Type.Null()], {
      description: 'The version that the change made, as its ETag says it.',
    }),
  }),
  before: members('The members that changed, as they were; null when it was new.'),
  after: members('The same members, as they became; null when it is gone.'),
}

export const auditEntrySchema = Type.Object(entry)
export const chainedEntrySchema = Type.Object({
  seq: Type.Integer({ description: 'Its place in the chain.' }),
  accountId: orNull(Type.String({ description: 'null: it concerns the whole deployment.' })),
  ...entry,
  hash: Type.String({ description: 'SHA-256 over the entry and the hash before it, hex.' }),
})

export const auditVerificationSchema = Type.Object({
  entries: Type.Integer({ description: 'How many hold.' }),
  headHash: Type.String({ description: 'The hash of the last of them.' }),
  brokenAt: Type.Union([Type.Integer(), Type.Null()], {
    description: 'The seq of the first one that does not; null: all hold.',
  }),
  problem: Type.Union([Type.String(), Type.Null()], { description: 'What is wrong with it.' }),
})

export const exportAnswer = {
  description: 'One entry a line.',
  content: { 'application/x-ndjson': { schema: Type.Unsafe<Readable>({ type: 'string' }) } },
}
