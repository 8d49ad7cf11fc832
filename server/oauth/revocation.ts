// POST /oauth/connect/revocation (RFC 7009), and the feed of what was revoked.
import { Type } from 'typebox'
import { type AuditEntry, recordAudit } from '../audit.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Client } from '../clients/client.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import { listRevocations, type Revocations, revokeAllTokens, revokeToken } from '../clients/revocations.ts'
import type { Database } from '../database/tables.ts'
import type { ReadClientCertificate } from '../http/client-certificate.ts'
import type { HttpServer } from '../http/server.ts'
import type { Actor } from '../vocabulary/actor.ts'
import { isoTime, isoTimeOrNull, type NewId, type Now } from '../vocabulary/clock.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import type { AuthenticateClient } from './client-authentication/index.ts'
import { oauthErrorSchema } from './error-schema.ts'
import type { ReadOwnToken } from './own-token.ts'
import { readHeaderRequest, readTokenRequest } from './read-request.ts'

export interface RevocationOptions {
  db: Database
  now: Now
  newId: NewId
  authenticate: AuthenticateClient
  readCertificate: ReadClientCertificate
  readOwnToken: ReadOwnToken
  revocations: Revocations
  clients: ClientDirectory
  catalogue: Catalogue
}

// RFC 7009 §2.2: the status says it all.
const nothing = Type.Unsafe<undefined>({ type: 'null', description: 'Revoked, or nothing that could be.' })

const revocationForm = Type.Object({
  token: Type.Optional(Type.String({ description: 'The access token to revoke.' })),
  all_tokens: Type.Optional(
    Type.Literal('true', { description: 'Instead of token: every token that this client has now.' }),
  ),
})

const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' }

export function mountRevocation(server: HttpServer, options: RevocationOptions): void {
  server.post(
    '/oauth/connect/revocation',
    {
      bodyLimit: 16 * 1024,
      config: { describedBody: revocationForm },
      schema: {
        operationId: 'revokeToken',
        summary: 'Revoke an access token (RFC 7009)',
        description: 'Send token=…, or all_tokens=true for every token that this client has now.',
        tags: ['Tokens'],
        security: [{ clientSecretBasic: [] }],
        consumes: ['application/x-www-form-urlencoded'],
        response: {
          200: nothing,
          400: oauthErrorSchema,
          401: oauthErrorSchema,
          429: oauthErrorSchema,
          503: oauthErrorSchema,
        },
      },
    },
    async (request, reply) => {
      const form = readTokenRequest(request, options.readCertificate)
      const { client } = await options.authenticate(form)
      const token = form.parameters.get('token')
      const actor = { kind: 'client', id: client.id, address: request.ip, requestId: request.id } as const
      if (form.parameters.get('all_tokens') === 'true') await revokeAll(client, actor, options)
      else if (token !== undefined) await revokeOne(token, client, options)
      else
        throw new OAuthError(
          'invalid_request',
          'The token is missing. Send token=TOKEN, or all_tokens=true for every token of this client.',
        )
      return reply.headers(noStore).send(undefined)
    },
  )
  mountFeed(server, options)
}

async function revokeOne(
  text: string,
  client: Client,
  { db, now, readOwnToken, revocations }: RevocationOptions,
): Promise<void> {
  const token = await readOwnToken(text)
  // RFC 7009 §2.2: an unknown or expired token is as revoked as can be.
  if (!token || token.expired) return
  // RFC 7009 §2.1: only the client that the token was issued to.
  if (token.clientId !== client.id)
    throw new OAuthError('invalid_grant', 'The token was issued to another client. It stays valid.')
  await revokeToken(
    db,
    {
      tokenId: token.id,
      clientId: client.id,
      environment: client.environment,
      expiresAt: token.expiresAt * 1000,
    },
    now(),
  )
  revocations.add(token.id)
}

async function revokeAll(
  client: Client,
  actor: Actor,
  { db, now, newId, clients }: RevocationOptions,
): Promise<void> {
  const nowMs = now()
  const entry: AuditEntry = {
    accountId: client.accountId,
    environment: client.environment,
    actor,
    action: 'client.tokens_revoked',
    object: { kind: 'client', id: client.id },
    before: null,
    after: { tokensFromBefore: isoTime(nowMs) },
  }
  await db.transaction().execute(async (tx) => {
    await revokeAllTokens(tx, client, nowMs)
    await recordAudit(tx, entry, newId, nowMs)
  })
  clients.forget(client.id)
}

const feedQuery = Type.Object(
  {
    after: Type.Integer({ minimum: 0, default: 0, description: 'The next of the last answer; 0 at first.' }),
  },
  { additionalProperties: false },
)

const feedAnswer = Type.Object({
  revocations: Type.Array(
    Type.Object({
      seq: Type.Integer(),
      kind: Type.Union([Type.Literal('token'), Type.Literal('client')]),
      clientId: Type.String(),
      tokenId: Type.Union([Type.String(), Type.Null()], {
        description: 'The jti of the token (kind token).',
      }),
      notBefore: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
        description:
          'Tokens of the client from then or before are dead (kind client): compare with the time inside jti, a UUIDv7.',
      }),
      expiresAt: Type.String({
        format: 'date-time',
        description: 'From then on the entry may be forgotten.',
      }),
    }),
  ),
  next: Type.Integer({
    description: 'Send it as after. Entries of the last seconds come again; taking one twice is harmless.',
  }),
})

function mountFeed(
  server: HttpServer,
  { db, now, authenticate, readCertificate, catalogue }: RevocationOptions,
): void {
  server.get(
    '/oauth/connect/revocations',
    {
      schema: {
        operationId: 'listRevocations',
        summary: 'What was revoked, for guards elsewhere',
        description: 'For clients that are the resource server of an API. Ask every few seconds.',
        tags: ['Tokens'],
        security: [{ clientSecretBasic: [] }],
        querystring: feedQuery,
        response: {
          200: feedAnswer,
          400: oauthErrorSchema,
          401: oauthErrorSchema,
          429: oauthErrorSchema,
          503: oauthErrorSchema,
        },
      },
    },
    async (request, reply) => {
      const { client } = await authenticate(readHeaderRequest(request, readCertificate))
      if (!catalogue.isResourceServer(client.id)) {
        throw new OAuthError(
          'unauthorized_client',
          'This client is not the resource server of an API. Name it in resourceServers of the API.',
        )
      }
      const entries = await listRevocations(db, client.environment, request.query.after, now())
      reply.headers(noStore)
      return {
        revocations: entries.map(({ notBefore, expiresAt, ...entry }) => ({
          ...entry,
          notBefore: isoTimeOrNull(notBefore),
          expiresAt: isoTime(expiresAt),
        })),
        next: Math.max(request.query.after, ...entries.map((entry) => entry.seq)),
      }
    },
  )
}
