import type { KeyObject } from 'node:crypto'
import { matchSecret } from '../../clients/authenticate.ts'
import type { Now } from '../../vocabulary/clock.ts'
import type { ExplainSecret } from './explain-secret.ts'
import type { ClientAuthenticationMethod } from './method.ts'

/** Client id and secret in the form (RFC 6749 §2.3.1). */
export function clientSecretPost(
  pepper: KeyObject,
  now: Now,
  explainSecret: ExplainSecret,
): ClientAuthenticationMethod {
  return {
    names: ['client_secret_post'],
    presented({ parameters }) {
      const secret = parameters.get('client_secret')
      if (secret === undefined) return undefined
      const clientId = parameters.get('client_id')
      if (clientId === undefined) return 'broken'
      return {
        clientId,
        verify(client) {
          const matched = matchSecret(client, secret, pepper, now())
          return matched && { secretId: matched.id }
        },
        explain: (client) => explainSecret(client, secret),
      }
    },
  }
}
