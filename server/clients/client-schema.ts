// API clients on the wire: what may be said of one, and how one is shown.
import { type Static, Type } from 'typebox'
import { effectiveOn } from '../database/nodes.ts'
import { environments } from '../vocabulary/environment.ts'
import { authenticationMethodNames, tokenLifetime } from './client.ts'
import { clientStates } from './list-store.ts'
import { networksLimit } from './networks.ts'
import { expiryMembers } from './secret-expiry.ts'

const strict = { additionalProperties: false }
const time = (description: string) => Type.String({ format: 'date-time', description })
const timeOrNull = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description })
const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()])

export const environmentParams = Type.Object({ environment: Type.Enum([...environments]) })

const clientIdPattern = '^[A-Za-z0-9][A-Za-z0-9._~-]{2,127}$'

export const clientParams = Type.Object({
  environment: Type.Enum([...environments]),
  clientId: Type.String({ pattern: clientIdPattern, description: 'The id of the client.' }),
})

export const clientName = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f]+$',
  description: 'For people. Kept as it is sent: show it as text, never as HTML.',
  examples: ['Orders robot'],
})
export const scopeText = Type.String({ pattern: '^[a-z][a-z0-9_.:-]{0,63}$', examples: ['document_read'] })

const certificate = Type.Object(
  {
    kind: Type.Enum(['subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email']),
    value: Type.String({ minLength: 1, maxLength: 1000, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }),
    authorities: Type.String({
      maxLength: 100_000,
      description: 'The certificates of the authorities that may have issued it, PEM.',
    }),
  },
  strict,
)

const members = {
  name: clientName,
  description: Type.String({ maxLength: 1000, pattern: '^[^\\u0000-\\u001f\\u007f]*$' }),
  scopes: Type.Array(scopeText, {
    uniqueItems: true,
    maxItems: 200,
    description: 'What its tokens may be asked to have. Without any it gets no token.',
  }),
  tokenLifetimeSeconds: Type.Integer({
    minimum: tokenLifetime.minSeconds,
    maximum: tokenLifetime.maxSeconds,
    examples: [3600],
  }),
  allowedNetworks: Type.Array(Type.String({ maxLength: 64, examples: ['203.0.113.0/24'] }), {
    maxItems: networksLimit,
    description: 'IP addresses and CIDR ranges that it may call from; empty: from everywhere.',
  }),
  tokenQuotaPerHour: Type.Union([Type.Integer({ minimum: 1, maximum: 10_000_000 }), Type.Null()], {
    description: 'Token requests an hour before it is told to reuse its tokens. Null: as for all clients.',
  }),
  authenticationMethods: Type.Array(Type.Enum([...authenticationMethodNames]), {
    minItems: 1,
    uniqueItems: true,
    description: 'How it may authenticate (RFC 7591 §2). Each needs its credential on the client.',
  }),
  jwks: Type.Union(
    [
      Type.Object(
        { keys: Type.Array(Type.Record(Type.String(), Type.Unknown()), { minItems: 1, maxItems: 20 }) },
        strict,
      ),
      Type.Null(),
    ],
    { description: 'Its public keys, a JWK set (RFC 7517). Setting it ends jwksUri.' },
  ),
  jwksUri: Type.Union(
    [
      Type.String({
        // Printable ASCII but for quotes, backslash, fragment and user names.
        pattern: '^https://[\\x21\\x24-\\x3f\\x41-\\x5b\\x5d-\\x7e]+$',
        maxLength: 2000,
      }),
      Type.Null(),
    ],
    { description: 'Where it publishes its public keys. Setting it ends jwks.' },
  ),
  tlsClientAuth: Type.Union([certificate, Type.Null()], {
    description: 'Which certificate authenticates it by tls_client_auth (RFC 8705 §2.1.2).',
  }),
  dpopBoundAccessTokens: Type.Boolean({ description: 'Its tokens are bound to a DPoP key (RFC 9449 §5.2).' }),
  certificateBoundAccessTokens: Type.Boolean({
    description: 'Its tokens are bound to its certificate (RFC 8705 §3).',
  }),
  legacyAudienceUntil: timeOrNull(
    'Until then its assertions may name the token endpoint as audience, as before RFC 10070.',
  ),
}

/** What a secret that is made with a client may be. */
export const newSecretWish = Type.Object(
  {
    name: Type.Optional(clientName),
    ...expiryMembers,
  },
  { ...strict, description: 'The first secret. It is made when a method needs one, or when it is named.' },
)

const optionalMembers = Type.Partial(Type.Object(members))

export const clientCreation = Type.Object(
  { ...optionalMembers.properties, name: clientName, secret: Type.Optional(newSecretWish) },
  strict,
)

export const clientChange = Type.Object(optionalMembers.properties, { ...strict, minProperties: 1 })

export const clientCopy = Type.Object(
  {
    fromClientId: Type.String({
      pattern: clientIdPattern,
      description: 'A test client of the same account.',
    }),
    name: Type.Optional(clientName),
    description: Type.Optional(members.description),
    scopes: Type.Optional(members.scopes),
    tokenLifetimeSeconds: Type.Optional(members.tokenLifetimeSeconds),
    allowedNetworks: Type.Optional(members.allowedNetworks),
    secret: Type.Optional(newSecretWish),
  },
  strict,
)

export type SentMembers = Static<typeof clientChange>

export const secretsSummary = Type.Object({
  alive: Type.Integer({ description: 'How many may authenticate it now.' }),
  oldestCreatedAt: timeOrNull('When the oldest of these was made.'),
})

export const listedClient = Type.Object({
  id: Type.String(),
  name: Type.String(),
  state: Type.Enum([...clientStates]),
  scopes: Type.Array(Type.String()),
  createdAt: time('When it was made.'),
  disabledAt: timeOrNull('Since when it gets no token.'),
  deletedAt: timeOrNull('When it was deleted.'),
  undoUntil: timeOrNull('Until then its deletion can be undone.'),
  secrets: secretsSummary,
  lastUsedAt: timeOrNull('When one of its secrets was last used.'),
})

export const clientWarning = Type.Object({
  code: Type.Enum(['no_scopes', 'deprecated_scopes', 'retired_scopes', 'secrets_without_expiry']),
  message: Type.String({ description: 'What it means, and what to do.' }),
})

export const clientAnswer = Type.Object({
  ...listedClient.properties,
  environment: Type.Enum([...environments]),
  description: Type.String(),
  tokenLifetimeSeconds: Type.Integer(),
  allowedNetworks: Type.Array(Type.String()),
  tokenQuotaPerHour: orNull(Type.Integer()),
  authenticationMethods: Type.Array(Type.Enum([...authenticationMethodNames])),
  jwks: orNull(Type.Object({}, { additionalProperties: true })),
  jwksUri: orNull(Type.String()),
  tlsClientAuth: orNull(certificate),
  dpopBoundAccessTokens: Type.Boolean(),
  certificateBoundAccessTokens: Type.Boolean(),
  legacyAudienceUntil: members.legacyAudienceUntil,
  updatedAt: time('When it was last changed.'),
  copiedFrom: Type.Union([Type.String(), Type.Null()], {
    description: 'The test client that it was copied from.',
  }),
  editUrl: Type.String({ format: 'uri', description: 'Where people change it.' }),
  warnings: Type.Array(clientWarning),
})

/** A client after a change that may have ended something. */
export const changedClientAnswer = Type.Object({
  ...clientAnswer.properties,
  effectiveOn: Type.Optional(effectiveOn),
})

export const newSecretAnswer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  secret: Type.String({ description: 'The secret itself. It is shown this once: store it now.' }),
  expiresAt: timeOrNull('From then on it fails.'),
})

export const createdClientAnswer = Type.Object({
  client: clientAnswer,
  secret: Type.Union([newSecretAnswer, Type.Null()], {
    description: 'Null: the client proves who it is without a secret.',
  }),
})

export const copiedClientAnswer = Type.Object({
  ...createdClientAnswer.properties,
  differences: Type.Array(
    Type.Object({
      member: Type.String(),
      test: Type.Unknown({ description: 'As the test client has it.' }),
      production: Type.Unknown({ description: 'As the copy has it.' }),
      reason: Type.String(),
    }),
  ),
  checklist: Type.Array(
    Type.Object({
      item: Type.Enum(['secret_expires', 'scopes_narrowed', 'networks_set', 'credentials_set']),
      done: Type.Boolean(),
      message: Type.String(),
    }),
  ),
})
