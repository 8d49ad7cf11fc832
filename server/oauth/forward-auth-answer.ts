import type { AccessToken } from '@latchkey/guard'
import { Type } from 'typebox'
import { problemSchema } from '../http/problem-schema.ts'
import type { Caller } from '../vocabulary/caller.ts'

/**
 * Who calls, for the API behind the proxy. The proxy must overwrite each of these on every request, so that what a caller
 * sends under their names reaches nobody.
 */
export function identityHeaders(token: AccessToken, caller: Caller): Record<string, string> {
  return {
    'latchkey-client-id': caller.clientId,
    'latchkey-account-id': caller.accountId,
    'latchkey-environment': caller.environment,
    'latchkey-scopes': token.scopes.join(' '),
    'latchkey-token-id': token.id,
  }
}

/** nginx takes 4 or 8 kB for all headers of an answer. */
const longestProblem = 2000

/**
 * The problem as a header: a proxy that drops the body of a refusal (nginx) can give the caller its text. A list of scopes
 * beyond measure is left out of it.
 */
export function problemHeader(body: unknown): Record<string, string> {
  if (!Buffer.isBuffer(body)) return {}
  const text = body.toString()
  const short = text.length <= longestProblem ? text : text.replace(/"granted":\[[^\]]*\],?/, '')
  return short.length <= longestProblem ? { 'latchkey-problem': asAscii(short) } : {}
}

/** The same JSON without a character that a header cannot hold. */
function asAscii(json: string): string {
  return json.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const text = { type: 'string' } as const

/** For the API reference; `forward-auth-target.ts` reads the parameters itself, and says what is wrong with them. */
export const forwardAuthSchema = {
  operationId: 'checkForwardedCall',
  summary: 'May this call pass? For a proxy in front of an API',
  description:
    'Asked by nginx (auth_request), Traefik (forwardAuth), Caddy (forward_auth) or Envoy (ext_authz) with the headers of the call. 200 lets it pass and says who calls, with any method; 401 and 403 are for the caller; 400 says that the proxy asks wrongly.',
  tags: ['Tokens'],
  security: [{ accessToken: [] }],
  querystring: Type.Object({
    resource: Type.String({ description: 'The audience of the API: exactly that must be in the token.' }),
    scope: Type.String({ description: 'The scope that the call needs.' }),
    origin: Type.Optional(
      Type.String({
        description: 'Where callers reach the API, for DPoP proofs; at first the origin of the resource.',
      }),
    ),
  }),
  response: {
    200: {
      type: 'null',
      description: 'It may pass.',
      headers: {
        'latchkey-client-id': { ...text, description: 'The API client that calls.' },
        'latchkey-account-id': { ...text, description: 'Its account.' },
        'latchkey-environment': { ...text, description: 'test or production.' },
        'latchkey-scopes': { ...text, description: 'The scopes of the token, separated by spaces.' },
        'latchkey-token-id': { ...text, description: 'The jti of the token.' },
      },
    },
    400: problemSchema('The proxy asks wrongly: for its operator'),
    401: problemSchema('No valid access token; with the challenge'),
    403: problemSchema('The token lacks the scope, or its client may not call from there'),
    503: problemSchema('Temporarily unavailable: retry after the time in Retry-After'),
  },
}
