import type { Database, Tables } from '../database/tables.ts'
import type { PageRequest } from '../http/list.ts'
import type { Owner } from '../vocabulary/owner.ts'
import type { Document } from './document.ts'

export async function insertDocument(
  db: Database,
  owner: Owner,
  clientId: string,
  document: Document,
): Promise<void> {
  await db
    .insertInto('document')
    .values({
      id: document.id,
      account_id: owner.accountId,
      environment: owner.environment,
      client_id: clientId,
      name: document.name,
      status: document.status,
      size_bytes: document.sizeBytes,
      sha256: document.sha256,
      created_at: document.createdAt,
    })
    .execute()
}

export async function findDocument(
  db: Database,
  owner: Owner,
  documentId: string,
): Promise<Document | undefined> {
  const row = await db
    .selectFrom('document')
    .selectAll()
    .where('id', '=', documentId)
    .where('account_id', '=', owner.accountId)
    .where('environment', '=', owner.environment)
    .executeTakeFirst()
  return row && toDocument(row)
}

/** Newest first, one more than the page holds. */
export async function listDocuments(db: Database, owner: Owner, page: PageRequest): Promise<Document[]> {
  let query = db
    .selectFrom('document')
    .selectAll()
    .where('account_id', '=', owner.accountId)
    .where('environment', '=', owner.environment)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.belowId !== undefined) query = query.where('id', '<', page.belowId)
  return (await query.execute()).map(toDocument)
}

/** Which of these ids are documents, of any account: for the sweep, which has no caller. */
export async function findRecorded(db: Database, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('document')
    .select('id')
    .where('id', 'in', [...ids])
    .execute()
  return new Set(rows.map((row) => row.id))
}

function toDocument(row: Tables['document']): Document {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    createdAt: row.created_at,
  }
}
