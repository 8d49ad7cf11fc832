// What the operations of the catalogue take and answer.
import { type Static, Type } from 'typebox'
import { listQuery } from '../http/list.ts'
import { askedEndpoints } from './endpoints.ts'
import { apiIdPattern, audiencePattern, catalogueBounds, endpointPattern, scopeNamePattern } from './rules.ts'

const strict = { additionalProperties: false }
const onlySomething = { ...strict, minProperties: 1 }

/** No control characters: what people wrote is shown as they wrote it. */
const line = (maxLength: number) => Type.String({ maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })
const words = (maxLength: number, description?: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f]*$',
    ...(description !== undefined && { description }),
  })

export const apiId = Type.String({
  pattern: apiIdPattern,
  description: 'The id of an API, in lower case, e.g. orders.',
})
export const scopeName = Type.String({
  pattern: scopeNamePattern,
  description: 'The name of a scope on the wire, unique over all APIs, e.g. orders_read.',
})
export const apiName = words(100)
export const apiDescription = line(1000)
export const scopeDescription = words(300)
export const audience = Type.String({
  pattern: audiencePattern,
  maxLength: 500,
  description: 'An absolute URI without a fragment (RFC 8707 §2), of one API and environment only.',
})
export const audiences = Type.Object({ test: audience, production: audience }, strict)
export const openAccess = Type.Union([Type.Literal('everyone'), Type.Literal('granted')], {
  description: 'Who may have it: every account, or those that the operator gives it.',
})
export const endpoint = Type.String({
  pattern: endpointPattern,
  description: 'An operation as METHOD /path, with {name} for what varies.',
})
export const endpoints = Type.Array(endpoint, {
  uniqueItems: true,
  maxItems: catalogueBounds.endpointsOfScope,
  description: 'The operations that it unlocks.',
})
export const resourceServers = Type.Array(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._~-]{2,127}$' }), {
  uniqueItems: true,
  maxItems: catalogueBounds.resourceServersOfApi,
  description: 'The ids of the clients that may introspect tokens for this API.',
})

export const newScope = Type.Object(
  {
    name: scopeName,
    description: scopeDescription,
    access: Type.Optional(openAccess),
    endpoints: Type.Optional(endpoints),
  },
  strict,
)

export const newApi = Type.Object(
  {
    id: apiId,
    name: apiName,
    description: Type.Optional(apiDescription),
    audiences,
    resourceServers: Type.Optional(resourceServers),
    scopes: Type.Optional(Type.Array(newScope, { maxItems: catalogueBounds.scopesOfApi })),
  },
  strict,
)

export const apiChange = Type.Object(
  {
    name: Type.Optional(apiName),
    description: Type.Optional(apiDescription),
    audiences: Type.Optional(audiences),
    resourceServers: Type.Optional(resourceServers),
  },
  onlySomething,
)

export const scopeChange = Type.Object(
  {
    description: Type.Optional(scopeDescription),
    access: Type.Optional(openAccess),
    endpoints: Type.Optional(endpoints),
  },
  onlySomething,
)

export const deprecation = Type.Object(
  {
    note: words(
      300,
      'What to use instead: it stands in the docs, and in the refusal once the scope is retired.',
    ),
    at: Type.Optional(
      Type.String({
        format: 'date-time',
        pattern: '^[0-9]{4}-[0-9T:.-]+Z$',
        maxLength: 30,
        description: 'From when on, in UTC; at once when it is left out.',
      }),
    ),
  },
  strict,
)

export const retirement = Type.Object(
  {
    force: Type.Optional(
      Type.Boolean({
        description: 'Retire it although clients have it: they get no token with it any more.',
      }),
    ),
  },
  strict,
)

const time = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])

export const scopeAnswer = Type.Object({
  name: Type.String(),
  description: Type.String(),
  api: Type.String({ description: 'The id of its API.' }),
  apiName: Type.String(),
  access: Type.Union([Type.Literal('everyone'), Type.Literal('granted'), Type.Literal('reserved')], {
    description: 'Who may have it. Reserved: it opens the operations of this API itself.',
  }),
  endpoints: Type.Array(Type.String(), { description: 'The operations that it unlocks.' }),
  deprecatedAt: time,
  deprecationNote: Type.Union([Type.String(), Type.Null()], { description: 'What to use instead.' }),
  retiredAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'Since then no token gets it.',
  }),
  available: Type.Boolean({
    description: 'Whether this account may give it to its clients in this environment.',
  }),
  unavailable: Type.Union([
    Type.Object({
      reason: Type.Union([
        Type.Literal('retired'),
        Type.Literal('reserved'),
        Type.Literal('not_granted'),
        Type.Literal('production_not_approved'),
        Type.Literal('deprecated'),
      ]),
      detail: Type.String({ description: 'Why, and what to do.' }),
    }),
    Type.Null(),
  ]),
})

export type ScopeAnswer = Static<typeof scopeAnswer>

const apiMembers = {
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  builtIn: Type.Boolean({ description: 'True for the APIs of this service itself: they cannot be changed.' }),
  audiences: Type.Object({ test: Type.String(), production: Type.String() }),
  version: Type.Integer({ description: 'Counts its changes and those of its scopes: what the ETag says.' }),
  createdAt: Type.String({ format: 'date-time' }),
  resourceServers: Type.Optional(Type.Array(Type.String(), { description: 'Shown to the operator only.' })),
}

export const apiSummary = Type.Object({ ...apiMembers, scopeCount: Type.Integer() })

export const apiAnswer = Type.Object({ ...apiMembers, scopes: Type.Array(scopeAnswer) })

export type ApiAnswer = Static<typeof apiAnswer>

export const apiParams = Type.Object({ apiId })
export const scopeParams = Type.Object({ apiId, scope: scopeName })

const environment = Type.Optional(
  Type.Union([Type.Literal('test'), Type.Literal('production')], {
    description: 'For which environment available is told; a token knows its own only.',
  }),
)

export const apiQuery = Type.Object({ environment }, strict)

export const apiListQuery = listQuery

export const scopeListQuery = Type.Object(
  {
    ...listQuery.properties,
    environment,
    api: Type.Optional(Type.String({ pattern: apiIdPattern, description: 'Only the scopes of this API.' })),
    available: Type.Optional(
      Type.Boolean({ description: 'Only those that this account may give its clients, or only the others.' }),
    ),
    endpoint: Type.Optional(
      Type.Union([endpoint, Type.Array(endpoint, { minItems: 1, maxItems: askedEndpoints })], {
        description:
          'The fewest scopes that unlock all of these operations, e.g. endpoint=GET /signature/documents. Repeat it for more.',
      }),
    ),
  },
  strict,
)
