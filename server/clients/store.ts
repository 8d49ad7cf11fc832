import type { Database } from '../database/tables.ts'
import type { Environment } from '../vocabulary/environment.ts'
import type { Client } from './client.ts'

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
    scopes: JSON.parse(first.scopes),
    tokenLifetimeSeconds: first.token_lifetime_seconds,
    disabledAt: first.disabled_at,
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
}

export async function insertClient(db: Database, client: ClientFacts, nowMs: number): Promise<void> {
  await db
    .insertInto('client')
    .values({
      id: client.id,
      account_id: client.accountId,
      environment: client.environment,
      name: client.name,
      scopes: JSON.stringify(client.scopes),
      token_lifetime_seconds: client.tokenLifetimeSeconds,
      disabled_at: null,
      created_at: nowMs,
      updated_at: nowMs,
    })
    .execute()
}

/** Changes what may be changed; account and environment of a client never are. */
export async function updateClient(db: Database, client: ClientFacts, nowMs: number): Promise<void> {
  await db
    .updateTable('client')
    .set({
      name: client.name,
      scopes: JSON.stringify(client.scopes),
      token_lifetime_seconds: client.tokenLifetimeSeconds,
      updated_at: nowMs,
    })
    .where('id', '=', client.id)
    .where('account_id', '=', client.accountId)
    .where('environment', '=', client.environment)
    .execute()
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
}
