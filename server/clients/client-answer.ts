// How a client is shown to its account. Pure.
import type { Static } from 'typebox'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { isoTime, isoTimeOrNull } from '../vocabulary/clock.ts'
import { isAlive } from './client.ts'
import type { clientAnswer, clientWarning, listedClient } from './client-schema.ts'
import { undoUntil } from './deletion.ts'
import type { ListedClient } from './list-store.ts'
import type { ManagedClient, SecretSummary } from './managed-store.ts'

export type ClientAnswer = Static<typeof clientAnswer>

export interface AnswerContext {
  publicUrl: string
  catalogue: Pick<Catalogue, 'find'>
  nowMs: number
}

export function presentClient(
  client: ManagedClient,
  secrets: SecretSummary,
  context: AnswerContext,
): ClientAnswer {
  const { id, environment, tlsClientAuth } = client
  return {
    ...presentListed({ ...client, disabledAt: client.switchedOffAt }, secrets),
    environment,
    description: client.description,
    tokenLifetimeSeconds: client.tokenLifetimeSeconds,
    allowedNetworks: [...client.allowedNetworks],
    tokenQuotaPerHour: client.tokenQuotaPerHour,
    authenticationMethods: [...client.authenticationMethods],
    jwks: client.jwks,
    jwksUri: client.jwksUri,
    tlsClientAuth: tlsClientAuth && { ...tlsClientAuth },
    dpopBoundAccessTokens: client.dpopBound,
    certificateBoundAccessTokens: client.certificateBound,
    legacyAudienceUntil: isoTimeOrNull(client.legacyAudienceUntil),
    updatedAt: isoTime(client.updatedAt),
    copiedFrom: client.copiedFrom,
    editUrl: `${context.publicUrl}/${environment}/account/api-clients/${id}/edit`,
    warnings: warningsOf(client, context),
  }
}

export function presentListed(client: ListedClient, secrets: SecretSummary): Static<typeof listedClient> {
  const { deletedAt, disabledAt } = client
  return {
    id: client.id,
    name: client.name,
    state: deletedAt !== null ? 'deleted' : disabledAt !== null ? 'disabled' : 'active',
    scopes: [...client.scopes],
    createdAt: isoTime(client.createdAt),
    disabledAt: isoTimeOrNull(disabledAt),
    deletedAt: isoTimeOrNull(deletedAt),
    undoUntil: isoTimeOrNull(deletedAt === null ? null : undoUntil(deletedAt)),
    secrets: { alive: secrets.alive, oldestCreatedAt: isoTimeOrNull(secrets.oldestCreatedAt) },
    lastUsedAt: isoTimeOrNull(secrets.lastUsedAt),
  }
}

/** What its owner should know before a caller finds it out. */
function warningsOf(
  client: ManagedClient,
  { catalogue, nowMs }: AnswerContext,
): Static<typeof clientWarning>[] {
  const warnings: Static<typeof clientWarning>[] = []
  if (client.scopes.length === 0) {
    warnings.push({
      code: 'no_scopes',
      message: 'This client cannot get a token yet: no scopes are selected. Open editUrl and choose some.',
    })
  }
  const known = client.scopes.flatMap((scope) => catalogue.find(scope) ?? [])
  const retired = known.filter((scope) => scope.retiredAt !== null)
  if (retired.length > 0) {
    warnings.push({
      code: 'retired_scopes',
      message: `No token gets these any more: ${retired.map(withNote).join(' ')}`,
    })
  }
  const deprecated = known.filter((scope) => scope.retiredAt === null && scope.deprecatedAt !== null)
  if (deprecated.length > 0) {
    warnings.push({
      code: 'deprecated_scopes',
      message: `These will be retired: ${deprecated.map(withNote).join(' ')}`,
    })
  }
  const endless = client.secrets.filter((secret) => isAlive(secret, nowMs) && secret.expiresAt === null)
  if (endless.length > 0) {
    warnings.push({
      code: 'secrets_without_expiry',
      message: `${endless.length === 1 ? 'A secret never expires' : `${endless.length} secrets never expire`}: one that leaks unseen stays good. Set an expiry, and rotate before it.`,
    })
  }
  return warnings
}

function withNote(scope: { name: string; deprecationNote: string | null }): string {
  return scope.deprecationNote === null ? `${scope.name}.` : `${scope.name} (${scope.deprecationNote}).`
}
