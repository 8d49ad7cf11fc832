import type { Database } from '../database/tables.ts'
import type { Environment } from '../vocabulary/environment.ts'

/** Which client of an account a secret belongs to. */
export interface SecretOwner {
  clientId: string
  environment: Environment
  hash: Buffer
}

/** Of this account alone: nothing shows of another one's secrets. */
export async function findSecretOwner(
  db: Database,
  accountId: string,
  secretId: string,
): Promise<SecretOwner | undefined> {
  const row = await db
    .selectFrom('client_secret')
    .innerJoin('client', 'client.id', 'client_secret.client_id')
    .select(['client.id', 'client.environment', 'client_secret.hash'])
    .where('client_secret.id', '=', secretId)
    .where('client_secret.account_id', '=', accountId)
    .executeTakeFirst()
  return row && { clientId: row.id, environment: row.environment, hash: Buffer.from(row.hash, 'hex') }
}
