import type { AccessToken } from '@latchkey/guard'
import type { FastifyReply, FastifyRequest } from 'fastify'
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
 * Says the problem in a header too: a proxy that drops the body of a refusal (nginx) can give the caller its text.
 * A scope list beyond measure is left out of it.
 */
export async function noteProblem(
  _request: FastifyRequest,
  reply: FastifyReply,
  body: unknown,
): Promise<unknown> {
  if (reply.statusCode < 400 || !Buffer.isBuffer(body)) return body
  const text = body.toString()
  const short = text.length <= longestProblem ? text : text.replace(/"granted":\[[^\]]*\],?/, '')
  if (short.length <= longestProblem) reply.header('latchkey-problem', asAscii(short))
  return body
}

/** The same JSON without a character that a header cannot hold. */
function asAscii(json: string): string {
  return json.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const text = { type: 'string' } as const

export function forwardAuthSchema(url: string) {
  const inPath = url.includes(':')
  const parameters = {
    resource: Type.String({ description: 'The audience of the API: exactly that must be in the token.' }),
    scope: Type.String({ description: 'The scope that the call needs.' }),
  }
  const described = inPath
    ? {
        params: Type.Object({ ...parameters, '*': Type.String({ description: "The caller's own path." }) }),
        summary: 'May this call pass? For Envoy, which puts this in front of the path',
      }
    : {
        summary: 'May this call pass? For a proxy in front of an API',
      }
  return {
    ...described,
    description:
      'Asked by nginx (auth_request), Traefik (forwardAuth), Caddy (forward_auth) or Envoy (ext_authz) with the headers of the call. 200 lets it pass and says who calls; 401 and 403 are for the caller; 400 says that the proxy asks wrongly.',
    tags: ['Tokens'],
    security: [{ accessToken: [] }],
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
}
