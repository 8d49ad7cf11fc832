// How a declared client authenticates, and to what its tokens are bound.
import { type Static, Type } from 'typebox'
import type { NamedAuthentication } from '../clients/authentication-facts.ts'
import { authenticationMethodNames } from '../clients/client.ts'
import { parseDate } from '../config/parse.ts'

const strict = { additionalProperties: false }

/** The members of a declared client that say it. */
export const authenticationMembers = {
  authenticationMethods: Type.Optional(
    Type.Array(Type.Enum([...authenticationMethodNames]), { minItems: 1, uniqueItems: true }),
  ),
  jwks: Type.Optional(
    Type.Object(
      { keys: Type.Array(Type.Record(Type.String(), Type.Unknown()), { minItems: 1, maxItems: 20 }) },
      { description: 'Its public keys, a JWK set (RFC 7517).' },
    ),
  ),
  jwksUri: Type.Optional(
    Type.String({
      pattern: '^https://[^\\s"\\\\#@]+$',
      maxLength: 2000,
      description: 'Where it publishes its public keys.',
    }),
  ),
  tlsClientAuth: Type.Optional(
    Type.Object(
      {
        kind: Type.Enum(['subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email']),
        value: Type.String({ minLength: 1, maxLength: 1000 }),
        authorities: Type.String({
          maxLength: 100_000,
          description: 'The certificates of the authorities that may have issued it, PEM.',
        }),
      },
      strict,
    ),
  ),
  dpopBoundAccessTokens: Type.Optional(Type.Boolean()),
  certificateBoundAccessTokens: Type.Optional(Type.Boolean()),
  legacyAudienceUntil: Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      description: 'YYYY-MM-DD: until then its assertions may name the token endpoint as audience.',
    }),
  ),
}

const members = Type.Object(authenticationMembers)
export type DeclaredAuthentication = Static<typeof members>

/** What the set-up names, as a client keeps it, and what is wrong with it by itself. */
export function readAuthentication(declared: DeclaredAuthentication): {
  named: NamedAuthentication
  errors: string[]
} {
  const { dpopBoundAccessTokens, certificateBoundAccessTokens, legacyAudienceUntil, ...rest } = declared
  const until = legacyAudienceUntil === undefined ? undefined : parseDate(legacyAudienceUntil)
  const isNoDate = legacyAudienceUntil !== undefined && until === undefined
  return {
    named: {
      authenticationMethods: rest.authenticationMethods,
      jwks: rest.jwks,
      jwksUri: rest.jwksUri,
      tlsClientAuth: rest.tlsClientAuth,
      dpopBound: dpopBoundAccessTokens,
      certificateBound: certificateBoundAccessTokens,
      legacyAudienceUntil: until,
    },
    errors: isNoDate ? ['legacyAudienceUntil: there is no such date.'] : [],
  }
}
