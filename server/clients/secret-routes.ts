import type { KeyObject } from 'node:crypto'
import { Type } from 'typebox'
import type { ChangeWatch } from '../database/changes.ts'
import { effectiveOn } from '../database/nodes.ts'
import type { Database } from '../database/tables.ts'
import { accountCallerOf, ownerOf } from '../http/account-routes.ts'
import { idempotencyHeaders, keyedRequest, writeKeyed } from '../http/idempotency-key.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpRequest, HttpServer } from '../http/server.ts'
import { seenVersion, versionHeaders, writeVersion } from '../http/versions.ts'
import type { DoOnce } from '../idempotency.ts'
import { isoTime, type NewId, type Now } from '../vocabulary/clock.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { clientName, clientParams } from './client-schema.ts'
import type { ClientDirectory } from './directory.ts'
import { answerOf, secretAnswer } from './secret-answer.ts'
import {
  addSecret,
  editSecret,
  endSecret,
  getSecret,
  type SecretChange,
  unknownClient,
} from './secret-changes.ts'
import { expiryMembers, readExpiry, readMoment } from './secret-expiry.ts'
import { noUses, type SecretUses, unknownUses } from './secret-state.ts'
import { findHolder, listSecrets, type SecretHolder, type StoredSecret } from './secret-store.ts'

/** What the activity knows of secrets; `app/` hands it in. */
export interface SecretActivity {
  /** How often each secret of a client authenticated; those without a use may be left out. */
  countUses: (
    of: Owner,
    clientId: string,
  ) => Promise<readonly { secretId: string; lastHour: number; lastDay: number }[]>
  /** The latest use that the activity still has. */
  findLatestUse: (of: Owner, clientId: string, secretId: string) => Promise<SecretUses['latest']>
}

export interface SecretRoutesOptions {
  db: Database
  now: Now
  newId: NewId
  doOnce: DoOnce
  pepper: KeyObject
  clients: Pick<ClientDirectory, 'forget'>
  changes: Pick<ChangeWatch, 'waitForNodes'>
  activity: SecretActivity
}

const secretParams = Type.Object({
  ...clientParams.properties,
  secretId: Type.String({
    pattern: '^sec_[A-Za-z0-9-]{1,100}$',
    description: 'The id of the secret.',
  }),
})

const newSecret = Type.Object(
  {
    name: clientName,
    ...expiryMembers,
    endOthersInSeconds: Type.Optional(
      Type.Integer({
        minimum: 60,
        maximum: 30 * 86_400,
        description:
          'A rotation: the other secret ends after so many seconds, e.g. 3600, 86400 or 604800, if it does not end before.',
      }),
    ),
  },
  { additionalProperties: false },
)

const secretChange = Type.Object(
  { name: Type.Optional(clientName), expiresAt: expiryMembers.expiresAt },
  { additionalProperties: false, minProperties: 1 },
)

const createdSecret = Type.Object({
  ...secretAnswer.properties,
  secret: Type.String({ description: 'The secret itself. It is shown this once: store it now.' }),
  ending: Type.Array(
    Type.Object({ id: Type.String(), name: Type.String(), expiresAt: Type.String({ format: 'date-time' }) }),
    { description: 'The other secrets whose end this planned.' },
  ),
})

const revokedSecret = Type.Object({
  ...secretAnswer.properties,
  warnings: Type.Array(Type.String(), { description: 'What this ends for its caller.' }),
  effectiveOn,
})

const path = '/:environment/api-clients/:clientId/secrets'
const tags = ['API clients']
const unknown = problemSchema('No such client or secret in this account and environment')

/** The secrets of a client: how many there are, who still uses which, and the way from one to the next. */
export function secretRoutes(options: SecretRoutesOptions): (server: HttpServer) => void {
  const { db, now, newId, doOnce, pepper, clients, changes, activity } = options

  async function usesOf(owner: Owner, clientId: string, all: readonly StoredSecret[]) {
    const counts = await activity.countUses(owner, clientId)
    const uses = new Map<string, SecretUses>()
    for (const { id, lastUsedAt } of all) {
      const count = counts.find(({ secretId }) => secretId === id)
      if (!count && lastUsedAt === null) continue
      const latest = await activity.findLatestUse(owner, clientId, id)
      uses.set(id, { lastHour: count?.lastHour ?? 0, lastDay: count?.lastDay ?? 0, latest })
    }
    return (id: string) => uses.get(id) ?? noUses
  }

  /** Shows secrets also while the activity cannot be read: then is when somebody has to revoke one. */
  async function presenter(request: HttpRequest, holder: SecretHolder, all: readonly StoredSecret[]) {
    const uses = await usesOf(holder, holder.clientId, all).catch((error: unknown) => {
      request.log.warn({ requestId: request.id, err: error }, 'the uses of secrets could not be read')
      return () => unknownUses
    })
    return (secret: StoredSecret) => answerOf(holder, secret, all, uses, now())
  }

  const changeOf = (request: HttpRequest, clientId: string): SecretChange => ({
    caller: accountCallerOf(request),
    owner: ownerOf(request),
    clientId,
    newId,
    nowMs: now(),
  })

  return (server) => {
    server.get(
      path,
      {
        config: { permission: 'clients:read' },
        schema: {
          operationId: 'listSecrets',
          summary: 'List the secrets of a client, with who uses them',
          description: 'Newest first; the last 20 are kept. Their values are not among what is kept.',
          tags,
          params: clientParams,
          response: { 200: Type.Object({ items: Type.Array(secretAnswer) }), 404: unknown },
        },
      },
      async (request) => {
        const owner = ownerOf(request)
        const holder = await findHolder(db, owner, request.params.clientId, now())
        if (!holder) throw unknownClient(owner)
        const all = await listSecrets(db, holder)
        return { items: all.map(await presenter(request, holder, all)) }
      },
    )

    server.get(
      `${path}/:secretId`,
      {
        config: { permission: 'clients:read' },
        schema: {
          operationId: 'getSecret',
          summary: 'Read what is known of a secret',
          tags,
          params: secretParams,
          response: { 200: secretAnswer, 404: unknown },
        },
      },
      async (request, reply) => {
        const owner = ownerOf(request)
        const holder = await findHolder(db, owner, request.params.clientId, now())
        if (!holder) throw unknownClient(owner)
        const all = await listSecrets(db, holder)
        const secret = getSecret(all, request.params.secretId)
        writeVersion(reply, secret.version)
        return (await presenter(request, holder, all))(secret)
      },
    )

    server.post(
      path,
      {
        config: { permission: 'clients:write' },
        schema: {
          operationId: 'addSecret',
          summary: 'Add a secret, or rotate',
          description:
            'Two secrets of a client may work at once: add the new one, give it to your program, and end the old one when nothing uses it any more.',
          tags,
          params: clientParams,
          headers: idempotencyHeaders,
          body: newSecret,
          response: {
            201: createdSecret,
            404: unknown,
            409: problemSchema('Two secrets are alive already: alive names them'),
            422: problemSchema('The expiry cannot be used'),
          },
        },
      },
      async (request, reply) => {
        const { params, body } = request
        const change = changeOf(request, params.clientId)
        const answer = await doOnce(keyedRequest(request), async (tx) => {
          const expiresAt = readExpiry(body, change.nowMs)
          const { endOthersInSeconds: seconds } = body
          const endOthersAt = seconds === undefined ? undefined : change.nowMs + seconds * 1000
          const made = await addSecret(tx, change, { name: body.name, expiresAt, endOthersAt }, pepper)
          const ending = made.ending.map((other) => ({
            id: other.id,
            name: other.name,
            expiresAt: isoTime(other.expiresAt ?? change.nowMs),
          }))
          const shown = answerOf(made.holder, made.secret, made.all, () => noUses, change.nowMs)
          return { status: 201, body: { ...shown, secret: made.value, ending } }
        })
        clients.forget(params.clientId)
        reply.header('location', `${request.url.split('?')[0]}/${answer.body.id}`)
        writeVersion(reply, answer.body.version)
        return writeKeyed(reply, answer)
      },
    )

    server.patch(
      `${path}/:secretId`,
      {
        config: { permission: 'clients:write' },
        schema: {
          operationId: 'updateSecret',
          summary: 'Rename a secret, or let it end sooner or later',
          description: 'Send the ETag of what you have read as If-Match.',
          tags,
          params: secretParams,
          headers: versionHeaders,
          body: secretChange,
          response: {
            200: secretAnswer,
            404: unknown,
            409: problemSchema('The secret has ended: it never works again'),
            412: problemSchema('It was changed meanwhile; changes says how'),
            422: problemSchema('The expiry cannot be used'),
            428: problemSchema('If-Match is missing'),
          },
        },
      },
      async (request, reply) => {
        const { params, body } = request
        const seen = seenVersion(request)
        const change = changeOf(request, params.clientId)
        const expiresAt = body.expiresAt === undefined ? undefined : readMoment(body.expiresAt, change.nowMs)
        const { holder, secret, all } = await db
          .transaction()
          .execute((tx) => editSecret(tx, change, params.secretId, seen, { name: body.name, expiresAt }))
        clients.forget(params.clientId)
        writeVersion(reply, secret.version)
        return (await presenter(request, holder, all))(secret)
      },
    )

    server.post(
      `${path}/:secretId/revoke`,
      {
        config: { permission: 'clients:write' },
        schema: {
          operationId: 'revokeSecret',
          summary: 'Revoke a secret at once, on every server',
          description: 'Tokens that were requested with it live until they expire.',
          tags,
          params: secretParams,
          response: { 200: revokedSecret, 404: unknown },
        },
      },
      async (request, reply) => {
        const { params } = request
        const change = changeOf(request, params.clientId)
        const { holder, secret, all, warnings } = await db
          .transaction()
          .execute((tx) => endSecret(tx, change, params.secretId))
        clients.forget(params.clientId)
        const known = await changes.waitForNodes()
        writeVersion(reply, secret.version)
        const present = await presenter(request, holder, all)
        return { ...present(secret), warnings, effectiveOn: known }
      },
    )
  }
}
