// How a declared client authenticates, and to what its tokens are bound.
import { type Static, Type } from 'typebox'
import { authenticationMethodNames, type Client } from '../clients/client.ts'
import { readPublicKeys } from '../clients/public-keys.ts'
import type { ClientFacts } from '../clients/store.ts'
import { parseDate } from '../config/parse.ts'
import { isAuthorityList } from '../oauth/client-authentication/certificate-chain.ts'
import { isNameOfKind } from '../oauth/client-authentication/certificate-name.ts'

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

type AuthenticationFacts = Required<
  Pick<
    ClientFacts,
    | 'authenticationMethods'
    | 'jwks'
    | 'jwksUri'
    | 'tlsClientAuth'
    | 'dpopBound'
    | 'certificateBound'
    | 'legacyAudienceUntil'
  >
>

/** What holds after the set-up: what it names, and otherwise what is known. */
export function authenticationFacts(
  declared: DeclaredAuthentication,
  known: Client | undefined,
): AuthenticationFacts {
  // RFC 7591 §2: keys are registered or published, never both; naming one ends the other.
  const namesKeys = declared.jwks !== undefined || declared.jwksUri !== undefined
  const keysBefore = namesKeys ? undefined : known
  return {
    authenticationMethods: declared.authenticationMethods ??
      known?.authenticationMethods ?? ['client_secret_basic'],
    jwks: declared.jwks ?? keysBefore?.jwks ?? null,
    jwksUri: declared.jwksUri ?? keysBefore?.jwksUri ?? null,
    tlsClientAuth: declared.tlsClientAuth ?? known?.tlsClientAuth ?? null,
    dpopBound: declared.dpopBoundAccessTokens ?? known?.dpopBound ?? false,
    certificateBound: declared.certificateBoundAccessTokens ?? known?.certificateBound ?? false,
    legacyAudienceUntil: parseDate(declared.legacyAudienceUntil ?? '') ?? known?.legacyAudienceUntil ?? null,
  }
}

/** What cannot be done, a sentence each; a key's value is never in it. */
export function refuseAuthentication(
  declared: DeclaredAuthentication,
  facts: AuthenticationFacts,
  hasSecret: boolean,
): string[] {
  const errors: string[] = []
  if (declared.jwks && declared.jwksUri)
    errors.push('jwks and jwksUri are both set. Keep one of them (RFC 7591).')
  if (declared.legacyAudienceUntil && parseDate(declared.legacyAudienceUntil) === undefined)
    errors.push('legacyAudienceUntil: there is no such date.')
  const { keys, certificates, errors: keyErrors } = readPublicKeys(facts.jwks ?? { keys: [] })
  if (declared.jwks) errors.push(...keyErrors.map((error) => `jwks: ${error}`))
  const { tlsClientAuth } = facts
  if (tlsClientAuth && !isAuthorityList(tlsClientAuth.authorities))
    errors.push('tlsClientAuth.authorities: it is no list of certificates of authorities in PEM.')
  if (tlsClientAuth && !isNameOfKind(tlsClientAuth))
    errors.push(`tlsClientAuth.value: it is no name of the kind ${tlsClientAuth.kind}.`)
  // RFC 6749 §4.4: every client is confidential, so each of its methods needs its credential.
  const isPublished = facts.jwksUri !== null
  const credentials: Record<(typeof authenticationMethodNames)[number], [present: boolean, lacking: string]> =
    {
      client_secret_basic: [hasSecret, 'a secret. Add one to secrets'],
      client_secret_post: [hasSecret, 'a secret. Add one to secrets'],
      private_key_jwt: [isPublished || keys.length > 0, 'a public key. Set jwks or jwksUri'],
      tls_client_auth: [tlsClientAuth !== null, 'the name of its certificate. Set tlsClientAuth'],
      self_signed_tls_client_auth: [
        isPublished || certificates.size > 0,
        'its certificate. Set jwks with a key that has x5c, or jwksUri',
      ],
    }
  for (const method of facts.authenticationMethods) {
    const [present, lacking] = credentials[method]
    if (!present) errors.push(`${method} needs ${lacking}.`)
  }
  return errors
}

/** True when the set-up changes anything of it. */
export function authenticationDiffers(known: Client, facts: AuthenticationFacts): boolean {
  return JSON.stringify(facts) !== JSON.stringify(authenticationFacts({}, known))
}
