// Every table as TypeScript sees it. Times are epoch milliseconds, lists and objects are JSON as text.
import type { Kysely, Transaction } from 'kysely'
import type { Environment } from '../vocabulary/environment.ts'

export interface Tables {
  migration: { name: string; kind: 'expand' | 'contract'; applied_at: number }
  wrapped_secret: { name: string; wrapped: string; created_at: number }
  signing_key: {
    id: string
    algorithm: 'ES256'
    public_jwk: string
    wrapped_private_key: string
    created_at: number
    /** From when on it signs. */
    active_from: number
    /** From when on it is no longer published; null = not planned. */
    removed_from: number | null
  }
  account: { id: string; name: string; production: 'none' | 'approved'; created_at: number }
  client: {
    id: string
    account_id: string
    environment: Environment
    name: string
    scopes: string
    token_lifetime_seconds: number
    disabled_at: number | null
    created_at: number
    updated_at: number
  }
  client_secret: {
    id: string
    client_id: string
    account_id: string
    name: string
    /** HMAC-SHA-256 under the pepper, hex. */
    hash: string
    /** The last characters, to tell secrets apart. */
    hint: string
    expires_at: number | null
    revoked_at: number | null
    created_at: number
  }
  api: {
    id: string
    name: string
    audience_test: string
    audience_production: string
    built_in: number
    created_at: number
  }
  scope: { name: string; api_id: string; description: string; created_at: number }
  document: {
    id: string
    account_id: string
    environment: Environment
    client_id: string
    name: string
    status: 'unsigned'
    size_bytes: number
    sha256: string
    created_at: number
  }
  event: {
    id: string
    account_id: string
    environment: Environment
    type: string
    data: string
    created_at: number
  }
  identification_session: {
    id: string
    account_id: string
    environment: Environment
    client_id: string
    status: 'created'
    expires_at: number
    created_at: number
  }
}

/** What happened, batched: a database of its own on SQLite, tables of the same one on PostgreSQL. */
export interface LogTables {
  token_request: {
    id: string
    at: number
    account_id: string | null
    client_id: string | null
    environment: Environment | null
    secret_id: string | null
    scopes: string
    status: number
    error: string | null
    host: string
  }
}

/** The database, or a transaction on it: what a store function takes. */
export type Database = Kysely<Tables>
export type DatabaseTransaction = Transaction<Tables>
