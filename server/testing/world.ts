// One whole Latchkey for a test: a database of its own, a clock that the test moves, clients on demand.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { findAccount, putAccount } from '../accounts/store.ts'
import { type App, createApp } from '../app.ts'
import { makeClientId } from '../clients/client-id.ts'
import { hashSecret, makeSecret } from '../clients/secret.ts'
import { type ClientFacts, insertClient, insertSecret } from '../clients/store.ts'
import { type Config, readConfig } from '../config.ts'
import type { OpenDatabase } from '../database/open.ts'
import type { OutboundOptions } from '../outbound.ts'
import { openVault } from '../vault.ts'
import { createIds, type NewId } from '../vocabulary/clock.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { openTestDatabase, type TestDialect } from './database.ts'
import { freePort } from './process.ts'

export interface WorldOptions {
  dialect?: TestDialect
  /** Environment variables as a person would set them. */
  settings?: Record<string, string>
  /** Each log line goes here. */
  onLogLine?: (line: string) => void
  /** How addresses of others are fetched. Default: this machine may be, too. */
  outbound?: OutboundOptions
  /** True: the time is that of the browser that looks at it. Default: it stands still until the test moves it. */
  realTime?: boolean
}

export interface TestClient {
  clientId: string
  clientSecret: string
}

export interface ClientWish {
  clientId?: string
  scopes?: readonly string[]
  environment?: Environment
  accountId?: string
  /** Makes the account that of those who run this Latchkey. */
  operator?: boolean
  tokenLifetimeSeconds?: number
  expiresAt?: number
  /** The members of a client that say how it authenticates, and to what its tokens are bound. */
  set?: Partial<ClientFacts>
}

export interface World {
  app: App
  database: OpenDatabase
  config: Config
  /** The public URL; after `listen` also where the server is reached. */
  url: string
  dataDir: string
  /** Set on PostgreSQL: where another node finds the database. */
  databaseUrl: string | undefined
  masterKey: Buffer
  clock: { now: () => number; advance: (ms: number) => void }
  newId: NewId
  makeClient: (wish?: ClientWish) => Promise<TestClient>
  /** Calls the server as a function. */
  inject: (request: InjectOptions) => Promise<LightMyRequestResponse>
  /** A token for a new client with these scopes, or for the client given. */
  token: (scopes: readonly string[], client?: TestClient | ClientWish) => Promise<string>
  /** Listens on a free port of 127.0.0.1. @returns the address. */
  listen: () => Promise<string>
  close: () => Promise<void>
}

/** The moment at which every test begins. */
export const testStart = Date.UTC(2026, 10, 24, 12)

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-test-'))
  // The port is chosen first, so that the public URL is true when the server listens.
  const port = await freePort()
  const config = readConfig({
    LATCHKEY_DATA_DIR: dataDir,
    LATCHKEY_PORT: String(port),
    LATCHKEY_LOG_LEVEL: options.onLogLine ? 'debug' : 'silent',
    ...options.settings,
  })
  let movedMs = 0
  const clock = {
    now: () => (options.realTime ? Date.now() : testStart) + movedMs,
    advance: (ms: number) => {
      movedMs += ms
    },
  }
  const newId = createIds(clock.now)
  const {
    database,
    url: databaseUrl,
    drop,
  } = await openTestDatabase(options.dialect ?? 'sqlite', dataDir, clock.now)
  const masterKey = Buffer.alloc(32, 7)
  const vault = openVault(masterKey)
  const { onLogLine } = options
  const app = await createApp({
    config,
    database,
    vault,
    now: clock.now,
    newId,
    outbound: options.outbound ?? { allowLoopback: true },
    ...(onLogLine && { logStream: { write: onLogLine } }),
  })

  async function makeClient(wish: ClientWish = {}): Promise<TestClient> {
    const { environment = 'test', accountId = 'acme' } = wish
    if (wish.operator || !(await findAccount(database.db, accountId))) {
      const account = { id: accountId, name: accountId, production: 'approved' as const }
      const operator = wish.operator && { operator: true }
      await putAccount(database.db, { ...account, ...operator }, clock.now())
    }
    const clientId = wish.clientId ?? makeClientId(environment)
    const { id, secret, hint } = makeSecret(environment)
    const scopes = wish.scopes ?? ['document_read', 'document_write', 'document_file', 'event', 'identify']
    const facts = { id: clientId, accountId, environment, name: 'Test client', scopes }
    await insertClient(
      database.db,
      { ...facts, tokenLifetimeSeconds: wish.tokenLifetimeSeconds ?? 3600, ...wish.set },
      clock.now(),
    )
    const hash = hashSecret(app.pepper, secret)
    const expiresAt = wish.expiresAt ?? null
    const secretFacts = { id, clientId, accountId, name: 'first', hash, hint, expiresAt }
    await insertSecret(database.db, secretFacts, clock.now())
    return { clientId, clientSecret: secret }
  }

  const inject = (request: InjectOptions) => app.server.inject(request)

  return {
    app,
    database,
    config,
    url: config.publicUrl,
    dataDir,
    databaseUrl,
    masterKey,
    clock,
    newId,
    makeClient,
    inject,
    async token(scopes, client = {}) {
      const used = 'clientSecret' in client ? client : await makeClient({ scopes, ...client })
      const answer = await inject(
        tokenRequest(used, `grant_type=client_credentials&scope=${scopes.join('+')}`),
      )
      const body: { access_token?: string } = answer.json()
      if (!body.access_token) throw new Error(`No token: ${answer.body}`)
      return body.access_token
    },
    async listen() {
      await app.server.listen({ host: '127.0.0.1', port })
      return config.publicUrl
    },
    async close() {
      await app.close()
      await database.close()
      await drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** HTTP Basic as most callers write it. */
export function basic({ clientId, clientSecret }: TestClient): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
}

/** The request of product.md, as a function call. */
export function tokenRequest(client: TestClient, payload: string): InjectOptions {
  return {
    method: 'POST',
    url: '/oauth/connect/token',
    headers: { authorization: basic(client), 'content-type': 'application/x-www-form-urlencoded' },
    payload,
  }
}
