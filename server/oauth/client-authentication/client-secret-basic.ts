import type { KeyObject } from 'node:crypto'
import { matchSecret } from '../../clients/authenticate.ts'
import { decodeFormValue } from '../../http/form-body.ts'
import type { Now } from '../../vocabulary/clock.ts'
import type { ExplainSecret } from './explain-secret.ts'
import type { ClientAuthenticationMethod } from './method.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** HTTP Basic with client id and secret (RFC 6749 §2.3.1, RFC 7617). */
export function clientSecretBasic(
  pepper: KeyObject,
  now: Now,
  explainSecret: ExplainSecret,
): ClientAuthenticationMethod {
  return {
    names: ['client_secret_basic'],
    presented({ authorization }) {
      if (authorization === undefined || !/^basic /i.test(authorization)) return undefined
      const credentials = readBasic(authorization)
      if (!credentials) return 'broken'
      return {
        clientId: credentials.clientId,
        verify(client) {
          const secret = matchSecret(client, credentials.secret, pepper, now())
          return secret && { secretId: secret.id }
        },
        explain: (client) => explainSecret(client, credentials.secret),
      }
    },
  }
}

/** Id and secret of a Basic header; undefined when it is not one. */
export function readBasic(authorization: string): { clientId: string; secret: string } | undefined {
  // RFC 9110 §11.4: one or more spaces between scheme and credentials.
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization)?.[1]
  if (encoded === undefined || encoded.length % 4 === 1) return undefined
  try {
    const text = utf8.decode(Buffer.from(encoded, 'base64'))
    // RFC 7617 §2: the first colon splits; an encoded one in the secret survives.
    const colon = text.indexOf(':')
    if (colon < 1) return undefined
    // RFC 6749 §2.3.1: both were form-encoded before.
    return { clientId: decodeFormValue(text.slice(0, colon)), secret: decodeFormValue(text.slice(colon + 1)) }
  } catch {
    return undefined
  }
}
