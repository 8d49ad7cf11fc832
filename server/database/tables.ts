// Every table as TypeScript sees it. Times are epoch milliseconds, lists and objects are JSON as text.
import type { Generated, Kysely, Transaction } from 'kysely'
import type { ActorKind } from '../vocabulary/actor.ts'
import type { Environment } from '../vocabulary/environment.ts'
import type { Defaulted, PeopleTables } from './people-tables.ts'

export interface Tables extends PeopleTables {
  migration: { name: string; kind: 'expand' | 'contract'; applied_at: number }
  wrapped_secret: { name: string; wrapped: string; created_at: number }
  signing_key: {
    id: string
    algorithm: 'ES256' | 'EdDSA' | 'RS256'
    public_jwk: string
    wrapped_private_key: string
    created_at: number
    /** From when on it signs. */
    active_from: number
    /** From when on it is no longer published; null = not planned. */
    removed_from: number | null
    /** Who holds the private key: `local` is the wrapped one here. */
    signer: Generated<string>
  }
  account: {
    id: string
    name: string
    production: 'none' | 'approved'
    created_at: number
    /** 1: the account of those who run this Latchkey. */
    operator: Generated<number>
    /** Counts its changes: what an ETag says. */
    version: Generated<number>
    updated_at: Defaulted<number>
    /** Name and id in small letters, as a search compares them. */
    search_text: Generated<string>
    /** Until then somebody has to confirm his address, or the account is closed. Null: nobody has to. */
    trial_ends_at: Defaulted<number>
  }
  /** What an operator gave an account beside the scopes that everyone may have. */
  account_scope: { account_id: string; scope: string; created_at: number }
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
    authentication_methods: Generated<string>
    jwks: Defaulted<string>
    jwks_uri: Defaulted<string>
    /** What was last found at `jwks_uri`, and when. */
    fetched_jwks: Defaulted<string>
    fetched_jwks_at: Defaulted<number>
    /** JSON: which certificate may authenticate it. */
    tls_client_auth: Defaulted<string>
    /** 1: its tokens are bound to a DPoP key, whatever the request says. */
    dpop_bound: Generated<number>
    /** 1: its tokens are bound to its certificate. */
    certificate_bound: Generated<number>
    /** Tokens issued before are dead. */
    not_before: Defaulted<number>
    legacy_audience_until: Defaulted<number>
    description: Generated<string>
    /** JSON: the CIDR ranges that it may call from; empty: from everywhere. */
    allowed_networks: Generated<string>
    /** Counts its changes: what an ETag says. */
    version: Generated<number>
    /** It is erased ten minutes after; until then it can come back. */
    deleted_at: Defaulted<number>
    /** The test client that it was copied from. */
    copied_from: Defaulted<string>
    /** Null: the setting for all. */
    token_quota_per_hour: Defaulted<number>
    /** Name and id in small letters, as a search compares them: the databases' own rules of letter case differ. */
    search_text: Generated<string>
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
    last_used_at: Defaulted<number>
    /** Personal data: cut after a while. */
    last_used_address: Defaulted<string>
    /** Counts its changes: what its ETag says. */
    version: Generated<number>
    /** When somebody first reported it as leaked. */
    leaked_at: Defaulted<number>
  }
  api: {
    id: string
    name: string
    audience_test: string
    audience_production: string
    built_in: number
    created_at: number
    /** JSON: the clients that may introspect tokens for it. */
    resource_servers: Generated<string>
    version: Generated<number>
    description: Generated<string>
  }
  scope: {
    name: string
    api_id: string
    description: string
    created_at: number
    /** Who may have it: every account, those that an operator gave it, or as Latchkey's own rules say. */
    access: Generated<'everyone' | 'granted' | 'reserved'>
    /** JSON: the endpoints it unlocks, as registered; those of built-in APIs come from their routes. */
    endpoints: Generated<string>
    deprecated_at: Defaulted<number>
    /** What to use instead. */
    deprecation_note: Defaulted<string>
    /** From then on no token has it. */
    retired_at: Defaulted<number>
  }
  audit: {
    seq: number
    id: string
    at: number
    account_id: string | null
    environment: Environment | null
    actor_kind: ActorKind
    actor_id: string
    /** Personal data: cut after a while; its digest stays in the chain. */
    address: string | null
    address_salt: string | null
    address_digest: string
    request_id: string | null
    action: string
    object_kind: string
    object_id: string
    object_version: number | null
    /** JSON, no secrets. */
    before: string | null
    after: string | null
    /** SHA-256 over the row and the hash before, hex. */
    hash: string
  }
  /** One row: where the chain of the audit trail ends. */
  audit_head: { id: number; seq: number; hash: string }
  idempotent_answer: {
    account_id: string
    environment: string
    actor: string
    key: string
    request_hash: string
    status: number
    sealed_answer: string
    created_at: number
  }
  /** The nodes that run, and which change each has seen. */
  node: { id: string; started_at: number; seen_at: number; seen_seq: number }
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
  used_proof: { id: string; expires_at: number }
  revocation: {
    seq: Generated<number>
    at: number
    kind: 'token' | 'client'
    environment: Environment
    client_id: string
    token_id: string | null
    not_before: number | null
    expires_at: number
  }
  /** Which node does the work of this name, and until when nobody else may. */
  lease: { name: string; holder: string; held_until: number }
  change_log: { seq: Generated<number>; at: number; kind: string; key: string }
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
  /** What entries of activity have in common: all by which they are found but their id. */
  activity_facts: {
    /** A digest of the other columns but the days; a blob on SQLite. */
    id: string
    account_id: string | null
    environment: Environment | null
    client_id: string | null
    kind: 'token_request' | 'api_call'
    operation: string
    scopes: string
    required_scope: string | null
    status: number
    error: string | null
    secret_id: string | null
    host: string
    /** Between which days there are entries: days since 1970, UTC. */
    first_day: number
    last_day: number
  }
  /** Empty text: nobody's, no secret. The account `*` is everybody's sum. */
  activity_hour: {
    account_id: string
    environment: string
    hour: number
    client_id: string
    kind: 'token_request' | 'api_call'
    secret_id: string
    granted: number
    refused: number
  }
  scope_use: {
    account_id: string
    environment: string
    client_id: string
    scope: string
    requested_at: number | null
    called_at: number | null
  }
  host_use: {
    account_id: string
    environment: string
    day: number
    client_id: string
    host: string
    count: number
    last_at: number
  }
}

/** The database, or a transaction on it: what a store function takes. */
export type Database = Kysely<Tables>
export type DatabaseTransaction = Transaction<Tables>
