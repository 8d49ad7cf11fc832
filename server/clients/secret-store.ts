// What the owner of a client reads and changes of its secrets. What the token endpoint reads is in store.ts.
import { recordChange } from '../database/changes.ts'
import type { Database, DatabaseTransaction } from '../database/tables.ts'
import type { Environment } from '../vocabulary/environment.ts'
import type { Owner } from '../vocabulary/owner.ts'
import type { AuthenticationMethodName } from './client.ts'
import { erasableSince } from './deletion.ts'

/** What is known of a secret; not its hash. */
export interface StoredSecret {
  id: string
  name: string
  hint: string
  createdAt: number
  expiresAt: number | null
  revokedAt: number | null
  leakedAt: number | null
  lastUsedAt: number | null
  lastUsedAddress: string | null
  version: number
}

/** The client that has secrets, as far as their rules need it. */
export interface SecretHolder extends Owner {
  clientId: string
  environment: Environment
  scopes: readonly string[]
  authenticationMethods: readonly AuthenticationMethodName[]
  deletedAt: number | null
}

const holderColumns = [
  'id',
  'account_id',
  'environment',
  'scopes',
  'authentication_methods',
  'deleted_at',
] as const

/** @returns undefined also for a client whose deletion cannot be undone any more. */
export async function findHolder(
  db: Database,
  owner: Owner,
  clientId: string,
  nowMs: number,
): Promise<SecretHolder | undefined> {
  const row = await db
    .selectFrom('client')
    .select(holderColumns)
    .where('id', '=', clientId)
    .where('account_id', '=', owner.accountId)
    .where('environment', '=', owner.environment)
    .where((eb) => eb.or([eb('deleted_at', 'is', null), eb('deleted_at', '>', erasableSince(nowMs))]))
    .executeTakeFirst()
  return row && holderOf(row)
}

/** The same, and nobody else changes the secrets of this client until the transaction ends. */
export async function lockHolder(
  tx: DatabaseTransaction,
  owner: Owner,
  clientId: string,
  nowMs: number,
): Promise<SecretHolder | undefined> {
  const row = await tx
    .updateTable('client')
    .set((eb) => ({ updated_at: eb.ref('updated_at') }))
    .where('id', '=', clientId)
    .where('account_id', '=', owner.accountId)
    .where('environment', '=', owner.environment)
    .where((eb) => eb.or([eb('deleted_at', 'is', null), eb('deleted_at', '>', erasableSince(nowMs))]))
    .returning(holderColumns)
    .executeTakeFirst()
  return row && holderOf(row)
}

function holderOf(row: {
  id: string
  account_id: string
  environment: Environment
  scopes: string
  authentication_methods: string
  deleted_at: number | null
}): SecretHolder {
  return {
    clientId: row.id,
    accountId: row.account_id,
    environment: row.environment,
    scopes: JSON.parse(row.scopes),
    authenticationMethods: JSON.parse(row.authentication_methods),
    deletedAt: row.deleted_at,
  }
}

/** All of them, newest first. */
export async function listSecrets(db: Database, holder: SecretHolder): Promise<StoredSecret[]> {
  const rows = await db
    .selectFrom('client_secret')
    .select([
      'id',
      'name',
      'hint',
      'created_at',
      'expires_at',
      'revoked_at',
      'leaked_at',
      'last_used_at',
      'last_used_address',
      'version',
    ])
    .where('client_id', '=', holder.clientId)
    .where('account_id', '=', holder.accountId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    hint: row.hint,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    leakedAt: row.leaked_at,
    lastUsedAt: row.last_used_at,
    lastUsedAddress: row.last_used_address,
    version: row.version,
  }))
}

/** Changes one and tells every node. */
export async function changeSecret(
  tx: DatabaseTransaction,
  holder: SecretHolder,
  secretId: string,
  change: { name?: string; expiresAt?: number | null; revokedAt?: number },
  nowMs: number,
): Promise<void> {
  await tx
    .updateTable('client_secret')
    .set((eb) => ({
      ...(change.name !== undefined && { name: change.name }),
      ...(change.expiresAt !== undefined && { expires_at: change.expiresAt }),
      ...(change.revokedAt !== undefined && { revoked_at: change.revokedAt }),
      version: eb('version', '+', 1),
    }))
    .where('id', '=', secretId)
    .where('client_id', '=', holder.clientId)
    .where('account_id', '=', holder.accountId)
    .execute()
  await recordChange(tx, 'client', holder.clientId, nowMs)
}

export async function eraseSecrets(
  tx: DatabaseTransaction,
  holder: SecretHolder,
  secretIds: readonly string[],
): Promise<void> {
  if (secretIds.length === 0) return
  await tx
    .deleteFrom('client_secret')
    .where('id', 'in', secretIds)
    .where('client_id', '=', holder.clientId)
    .where('account_id', '=', holder.accountId)
    .execute()
}
