import { recordChange } from '../database/changes.ts'
import type { Database } from '../database/tables.ts'
import type { Environment } from '../vocabulary/environment.ts'
import type { AuthenticationMethodName, Client, TlsClientAuth } from './client.ts'

/** A client with its secrets in one question, so that an unknown id costs the same as a known one. */
export async function findClient(db: Database, clientId: string): Promise<Client | undefined> {
  const rows = await db
    .selectFrom('client')
    .leftJoin('client_secret', 'client_secret.client_id', 'client.id')
    .select([
      'client.id',
      'client.account_id',
      'client.environment',
      'client.name',
      'client.scopes',
      'client.token_lifetime_seconds',
      'client.disabled_at',
      'client.deleted_at',
      'client.description',
      'client.allowed_networks',
      'client.token_quota_per_hour',
      'client.version',
      'client.authentication_methods',
      'client.jwks',
      'client.jwks_uri',
      'client.fetched_jwks',
      'client.fetched_jwks_at',
      'client.tls_client_auth',
      'client.dpop_bound',
      'client.certificate_bound',
      'client.not_before',
      'client.legacy_audience_until',
      'client_secret.id as secret_id',
      'client_secret.name as secret_name',
      'client_secret.hash',
      'client_secret.expires_at',
      'client_secret.revoked_at',
    ])
    .where('client.id', '=', clientId)
    .orderBy('client_secret.created_at')
    .execute()
  const [first] = rows
  if (!first) return undefined
  const secrets = rows.flatMap((row) =>
    row.secret_id === null || row.hash === null
      ? []
      : {
          id: row.secret_id,
          name: row.secret_name ?? '',
          hash: Buffer.from(row.hash, 'hex'),
          expiresAt: row.expires_at,
          revokedAt: row.revoked_at,
        },
  )
  return {
    id: first.id,
    accountId: first.account_id,
    environment: first.environment,
    name: first.name,
    description: first.description,
    scopes: JSON.parse(first.scopes),
    tokenLifetimeSeconds: first.token_lifetime_seconds,
    allowedNetworks: JSON.parse(first.allowed_networks),
    tokenQuotaPerHour: first.token_quota_per_hour,
    disabledAt: first.disabled_at ?? first.deleted_at,
    version: first.version,
    authenticationMethods: JSON.parse(first.authentication_methods),
    jwks: first.jwks === null ? null : JSON.parse(first.jwks),
    jwksUri: first.jwks_uri,
    fetchedKeys:
      first.fetched_jwks === null || first.fetched_jwks_at === null
        ? null
        : { jwks: JSON.parse(first.fetched_jwks), fetchedAt: first.fetched_jwks_at },
    tlsClientAuth: first.tls_client_auth === null ? null : JSON.parse(first.tls_client_auth),
    dpopBound: first.dpop_bound === 1,
    certificateBound: first.certificate_bound === 1,
    notBefore: first.not_before,
    legacyAudienceUntil: first.legacy_audience_until,
    secrets,
  }
}

export interface ClientFacts {
  id: string
  accountId: string
  environment: Environment
  name: string
  scopes: readonly string[]
  tokenLifetimeSeconds: number
  /** Left out: `client_secret_basic` alone, no keys, no binding. */
  authenticationMethods?: readonly AuthenticationMethodName[]
  jwks?: Record<string, unknown> | null
  jwksUri?: string | null
  tlsClientAuth?: TlsClientAuth | null
  dpopBound?: boolean
  certificateBound?: boolean
  legacyAudienceUntil?: number | null
  /** Left out: none, from everywhere, the setting for all. */
  description?: string
  allowedNetworks?: readonly string[]
  tokenQuotaPerHour?: number | null
  copiedFrom?: string | null
}

function columnsOf(client: ClientFacts) {
  return {
    name: client.name,
    search_text: `${client.name}\n${client.id}`.toLowerCase(),
    scopes: JSON.stringify(client.scopes),
    token_lifetime_seconds: client.tokenLifetimeSeconds,
    authentication_methods: JSON.stringify(client.authenticationMethods ?? ['client_secret_basic']),
    jwks: client.jwks ? JSON.stringify(client.jwks) : null,
    jwks_uri: client.jwksUri ?? null,
    tls_client_auth: client.tlsClientAuth ? JSON.stringify(client.tlsClientAuth) : null,
    dpop_bound: client.dpopBound ? 1 : 0,
    certificate_bound: client.certificateBound ? 1 : 0,
    legacy_audience_until: client.legacyAudienceUntil ?? null,
    description: client.description ?? '',
    allowed_networks: JSON.stringify(client.allowedNetworks ?? []),
    token_quota_per_hour: client.tokenQuotaPerHour ?? null,
  }
}

/** @throws what the database says when the id is taken. */
export async function insertClient(db: Database, client: ClientFacts, nowMs: number): Promise<void> {
  await db.insertInto('client').values(rowOf(client, nowMs)).execute()
  await recordChange(db, 'client', client.id, nowMs)
}

/** @returns false when the id is taken. */
export async function tryInsertClient(db: Database, client: ClientFacts, nowMs: number): Promise<boolean> {
  const inserted = await db
    .insertInto('client')
    .values(rowOf(client, nowMs))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted) await recordChange(db, 'client', client.id, nowMs)
  return inserted !== undefined
}

function rowOf(client: ClientFacts, nowMs: number) {
  return {
    id: client.id,
    account_id: client.accountId,
    environment: client.environment,
    ...columnsOf(client),
    copied_from: client.copiedFrom ?? null,
    disabled_at: null,
    created_at: nowMs,
    updated_at: nowMs,
  }
}

/**
 * Changes what may be changed; account and environment of a client never are.
 * @param basedOn set: only when it is still this version.
 * @returns false when nothing was changed.
 */
export async function updateClient(
  db: Database,
  client: ClientFacts,
  nowMs: number,
  basedOn?: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('client')
    .set((eb) => {
      // What was found at another address is of no use.
      const isSameAddress = eb('jwks_uri', '=', client.jwksUri ?? null)
      return {
        ...columnsOf(client),
        fetched_jwks: eb.case().when(isSameAddress).then(eb.ref('fetched_jwks')).else(null).end(),
        fetched_jwks_at: eb.case().when(isSameAddress).then(eb.ref('fetched_jwks_at')).else(null).end(),
        version: eb('version', '+', 1),
        updated_at: nowMs,
      }
    })
    .where('id', '=', client.id)
    .where('account_id', '=', client.accountId)
    .where('environment', '=', client.environment)
    .where((eb) => (basedOn === undefined ? eb.lit(true) : eb('version', '=', basedOn)))
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await recordChange(db, 'client', client.id, nowMs)
  return true
}

export interface SecretFacts {
  id: string
  clientId: string
  accountId: string
  name: string
  hash: Buffer
  hint: string
  expiresAt: number | null
}

export async function insertSecret(db: Database, secret: SecretFacts, nowMs: number): Promise<void> {
  await db
    .insertInto('client_secret')
    .values({
      id: secret.id,
      client_id: secret.clientId,
      account_id: secret.accountId,
      name: secret.name,
      hash: secret.hash.toString('hex'),
      hint: secret.hint,
      expires_at: secret.expiresAt,
      revoked_at: null,
      created_at: nowMs,
    })
    .execute()
  await recordChange(db, 'client', secret.clientId, nowMs)
}
