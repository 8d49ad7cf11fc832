import { type Static, Type } from 'typebox'
import { effectiveOn } from '../database/nodes.ts'
import { listQuery } from '../http/list.ts'

/** The pattern of an account's id: one of ours (`acc_…`), or what an operator chose. */
export const accountIdPattern = '^[a-z0-9][a-z0-9_-]{0,63}$'

const strict = { additionalProperties: false }

const accountMembers = {
  id: Type.String(),
  name: Type.String(),
  production: Type.Union([Type.Literal('none'), Type.Literal('approved')], {
    description: 'Whether it may have production clients.',
  }),
  operator: Type.Boolean({ description: 'True for the account of those who run this service.' }),
  grantedScopes: Type.Array(Type.String(), {
    description: 'The scopes that the operator gave it, beside those that every account may have.',
  }),
}

/** What an account sees of itself. */
export const ownAccountAnswer = Type.Object({
  ...accountMembers,
  productionNeeds: Type.Union([Type.String(), Type.Null()], {
    description: 'What it needs before it may have production clients; null: nothing.',
  }),
})

/** What the operator sees of an account. */
export const accountAnswer = Type.Object({
  ...accountMembers,
  clients: Type.Object(
    { test: Type.Integer(), production: Type.Integer() },
    { description: 'How many API clients it has.' },
  ),
  version: Type.Integer({ description: 'Counts its changes: what the ETag says.' }),
  createdAt: Type.String({ format: 'date-time' }),
})

export type AccountAnswer = Static<typeof accountAnswer>

export const withdrawnAnswer = Type.Object({
  ...accountAnswer.properties,
  notice: Type.String({ description: 'What goes on, and what is refused from now on.' }),
})

export const takenScopeAnswer = Type.Object({
  ...accountAnswer.properties,
  clientsChanged: Type.Integer({ description: 'From how many clients of the account it was taken.' }),
  effectiveOn,
})

const accountName = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
})
const accountId = Type.String({
  pattern: accountIdPattern,
  description: 'The id of an account, in lower case, e.g. acme.',
})

export const newAccount = Type.Object(
  {
    id: Type.Optional(
      Type.String({ pattern: accountIdPattern, description: 'Made by us when it is left out.' }),
    ),
    name: accountName,
  },
  strict,
)

export const accountChange = Type.Object(
  { name: Type.Optional(accountName) },
  { ...strict, minProperties: 1 },
)

export const accountParams = Type.Object({ accountId })

export const accountScopeParams = Type.Object({
  accountId,
  scope: Type.String({ pattern: '^[a-z][a-z0-9_.:-]{0,63}$', description: 'The name of a scope.' }),
})

export const accountListQuery = Type.Object(
  {
    ...listQuery.properties,
    search: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        pattern: '^[^\\u0000-\\u001f\\u007f]*$',
        description: 'A part of the name or id, in any letter case.',
      }),
    ),
  },
  strict,
)
