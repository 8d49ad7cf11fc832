import type { KeyObject } from 'node:crypto'
import type { PublishedKeys } from '../clients/published-keys.ts'
import { findSecretOwner } from '../clients/secret-owner.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/tables.ts'
import { clientSecretBasic } from '../oauth/client-authentication/client-secret-basic.ts'
import { clientSecretPost } from '../oauth/client-authentication/client-secret-post.ts'
import { createSecretExplanation } from '../oauth/client-authentication/explain-secret.ts'
import type { ClientAuthenticationMethod } from '../oauth/client-authentication/method.ts'
import { privateKeyJwt } from '../oauth/client-authentication/private-key-jwt.ts'
import { tlsClientAuth } from '../oauth/client-authentication/tls-client-auth.ts'
import { issuerOf } from '../oauth/metadata.ts'
import { useOnce } from '../oauth/used-proofs.ts'
import type { Now } from '../vocabulary/clock.ts'

export interface AuthenticationMethodsOptions {
  config: Config
  db: Database
  pepper: KeyObject
  now: Now
  tokenEndpoints: readonly string[]
  publishedKeys: PublishedKeys
  warn: (facts: object, text: string) => void
}

/** Every way in which a client may authenticate here. */
export function createAuthenticationMethods(
  options: AuthenticationMethodsOptions,
): ClientAuthenticationMethod[] {
  const { config, db, pepper, now, tokenEndpoints, publishedKeys, warn } = options
  const explainSecret = createSecretExplanation({
    pepper,
    now,
    findSecretOwner: (accountId, secretId) => findSecretOwner(db, accountId, secretId),
  })
  return [
    clientSecretBasic(pepper, now, explainSecret),
    clientSecretPost(pepper, now, explainSecret),
    privateKeyJwt({
      issuer: issuerOf(config.publicUrl),
      tokenEndpoints,
      now,
      useOnce: (clientId, id, expiresAtMs) => useOnce(db, `assertion ${clientId}`, id, expiresAtMs),
      onUnknownKey: publishedKeys.refresh,
      onLegacyAudience: ({ id: clientId }) =>
        warn({ clientId }, 'an assertion still names the audience of old, not the issuer (RFC 10070)'),
    }),
    // Without a place that asks for certificates no request has one.
    ...(config.mtlsUrl === undefined ? [] : [tlsClientAuth(now)]),
  ]
}
