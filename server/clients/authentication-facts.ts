// How a client authenticates, and to what its tokens are bound: what holds after a change, and what cannot be done.
import { isAuthorityList } from './authorities.ts'
import { isNameOfKind } from './certificate-name.ts'
import type { AuthenticationMethodName } from './client.ts'
import { readPublicKeys } from './public-keys.ts'
import type { ClientFacts } from './store.ts'

export type AuthenticationFacts = Required<
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

/** What somebody names of it; null takes something away. */
export type NamedAuthentication = {
  [Name in keyof AuthenticationFacts]?: AuthenticationFacts[Name] | undefined
}

const bare: AuthenticationFacts = {
  authenticationMethods: ['client_secret_basic'],
  jwks: null,
  jwksUri: null,
  tlsClientAuth: null,
  dpopBound: false,
  certificateBound: false,
  legacyAudienceUntil: null,
}

/** How long a key set may be, as JSON. */
const keySetLimit = 50_000

/** What holds after a change: what it names, and otherwise what is known. */
export function authenticationFacts(
  named: NamedAuthentication,
  known: AuthenticationFacts = bare,
): AuthenticationFacts {
  // RFC 7591 §2: keys are registered or published, never both; naming one ends the other.
  const namesKeys = Boolean(named.jwks ?? named.jwksUri)
  const before = namesKeys ? bare : known
  return {
    authenticationMethods: named.authenticationMethods ?? known.authenticationMethods,
    jwks: named.jwks === undefined ? before.jwks : named.jwks,
    jwksUri: named.jwksUri === undefined ? before.jwksUri : named.jwksUri,
    tlsClientAuth: named.tlsClientAuth === undefined ? known.tlsClientAuth : named.tlsClientAuth,
    dpopBound: named.dpopBound ?? known.dpopBound,
    certificateBound: named.certificateBound ?? known.certificateBound,
    legacyAudienceUntil:
      named.legacyAudienceUntil === undefined ? known.legacyAudienceUntil : named.legacyAudienceUntil,
  }
}

/** What cannot be done, a sentence each; a key's value is never in it. */
export function refuseAuthentication(
  named: NamedAuthentication,
  facts: AuthenticationFacts,
  hasSecret: boolean,
): string[] {
  const errors: string[] = []
  if (named.jwks && named.jwksUri) errors.push('jwks and jwksUri are both set. Keep one of them (RFC 7591).')
  if (named.jwks && JSON.stringify(named.jwks).length > keySetLimit)
    errors.push(`jwks: it is longer than ${keySetLimit} characters.`)
  if (named.jwksUri && !URL.canParse(named.jwksUri)) errors.push('jwksUri: it is no address.')
  const { keys, certificates, errors: keyErrors } = readPublicKeys(facts.jwks ?? { keys: [] })
  if (named.jwks) errors.push(...keyErrors.map((error) => `jwks: ${error}`))
  const { tlsClientAuth } = facts
  if (tlsClientAuth && !isAuthorityList(tlsClientAuth.authorities))
    errors.push('tlsClientAuth.authorities: it is no list of certificates of authorities in PEM.')
  if (tlsClientAuth && !isNameOfKind(tlsClientAuth))
    errors.push(`tlsClientAuth.value: it is no name of the kind ${tlsClientAuth.kind}.`)
  // RFC 6749 §4.4: every client is confidential, so each of its methods needs its credential.
  const isPublished = facts.jwksUri !== null
  const credentials: Record<AuthenticationMethodName, [present: boolean, lacking: string]> = {
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
