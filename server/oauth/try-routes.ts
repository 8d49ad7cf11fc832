// A member tries a call of a test client from the dashboard: with a token of the client that lives a minute.
import { Type } from 'typebox'
import { recordAudit } from '../audit.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Client } from '../clients/client.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import { refuseEscalation } from '../clients/escalation.ts'
import type { Database } from '../database/tables.ts'
import { accountCallerOf, ownerOf } from '../http/account-routes.ts'
import { problemSchema } from '../http/problem-schema.ts'
import { hostOf, userAgentOf } from '../http/request-facts.ts'
import type { HttpServer } from '../http/server.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { MintAccessToken } from './access-token.ts'
import { resolveTarget } from './resource.ts'
import { readScopes, resolveScopes } from './scope.ts'
import type { RecordTokenRequest } from './token-happening.ts'

export interface TryOptions {
  db: Database
  now: Now
  newId: NewId
  clients: ClientDirectory
  catalogue: Catalogue
  mint: MintAccessToken
  recordTokenRequest: RecordTokenRequest
  /** @throws {Problem} `rate_limited` when a member tries too often. */
  limit: (memberId: string) => Promise<void>
}

/** Long enough to look at what happened, too short to be kept. */
const tryLifetimeSeconds = 60

/** What the activity calls it by. */
const operation = 'POST /account/:environment/api-clients/:clientId/try'

export function tryRoutes(options: TryOptions): (server: HttpServer) => void {
  const { db, now, newId, clients, catalogue } = options
  return (server) => {
    server.post(
      '/:environment/api-clients/:clientId/try',
      {
        config: { permission: 'clients:try' },
        schema: {
          operationId: 'tryApiClient',
          summary: 'Get a token of a test client that lives a minute, to try a call',
          description:
            'For the dashboard. It stands in the activity as a token request of the client, made by the member.',
          tags: ['API clients'],
          params: Type.Object({
            environment: Type.Enum(['test']),
            clientId: Type.String({ maxLength: 128 }),
          }),
          body: Type.Object(
            { scope: Type.String({ maxLength: 2000, description: 'Separated by single spaces.' }) },
            { additionalProperties: false },
          ),
          response: {
            200: Type.Object({
              accessToken: Type.String(),
              expiresInSeconds: Type.Integer(),
              scope: Type.String(),
            }),
            404: problemSchema('There is no such client'),
            409: problemSchema('The client is disabled or deleted, or its tokens are bound'),
            422: problemSchema('The client may not have this scope'),
            429: problemSchema('Too many tries'),
          },
        },
      },
      async (request, reply) => {
        const caller = accountCallerOf(request)
        const owner = ownerOf(request)
        const { clientId } = request.params
        await options.limit(caller.actor.id)
        const client = await clients.reread(clientId)
        if (!client || client.accountId !== owner.accountId || client.environment !== owner.environment)
          throw new Problem('not_found', 'There is no such API client in this account and environment.')
        // Its token says what the client may: the member must be one who could hand that on.
        refuseEscalation(caller, client)
        refuseUnusable(client)
        const { audiences, scopes } = targetOf(request.body.scope, client, catalogue)
        const accessToken = await options.mint({
          client: { ...client, tokenLifetimeSeconds: tryLifetimeSeconds },
          ...{ audiences, scopes, confirmation: undefined },
        })
        const entry = {
          ...{ ...owner, actor: caller.actor, action: 'client.tried' },
          object: { kind: 'client' as const, id: clientId },
          before: null,
          after: { scopes: [...scopes] },
        }
        await db.transaction().execute((tx) => recordAudit(tx, entry, newId, now()))
        options.recordTokenRequest(
          {
            ...{ id: request.id, kind: 'token_request', ...owner, clientId, secretId: null },
            ...{ scopes: scopes.join(' '), requiredScope: null, operation },
            ...{ status: 200, error: null, reason: `${caller.actor.id} tried a call in the dashboard.` },
            durationMs: Math.round(reply.elapsedTime * 10) / 10,
            ...{ address: request.ip, userAgent: userAgentOf(request), host: hostOf(request) },
          },
          undefined,
        )
        return { accessToken, expiresInSeconds: tryLifetimeSeconds, scope: scopes.join(' ') }
      },
    )
  }
}

function refuseUnusable(client: Client): void {
  if (client.disabledAt !== null)
    throw new Problem(
      'conflict',
      'This client is disabled or deleted: it gets no token. Enable or restore it first.',
    )
  if (client.dpopBound || client.certificateBound)
    throw new Problem(
      'conflict',
      'The tokens of this client are bound to a key that only its program has. Try it from there.',
    )
}

/** @throws {Problem} `invalid_value` with the words of the token endpoint, in the form of this API. */
function targetOf(text: string, client: Client, catalogue: Catalogue) {
  try {
    const scopes = resolveScopes(readScopes(text), client, catalogue)
    return resolveTarget([], scopes, client.environment, catalogue)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    // There is no error_uri here, and whoever reads this is in the dashboard.
    throw new Problem('invalid_value', error.message.replace(' Direct link in error_uri.', ''))
  }
}
