// The only file that knows every slice: a line each.
import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { type AccessToken, createGuard, type Guard } from '@latchkey/guard'
import type { DestinationStream } from 'pino'
import { createRecorder, type Recorder } from './activity/recorder.ts'
import { fileWriter, tableWriter } from './activity/writer.ts'
import { type Catalogue, openCatalogue } from './catalogue/catalogue.ts'
import { builtInApi, putApi } from './catalogue/store.ts'
import { type ClientDirectory, openClientDirectory } from './clients/directory.ts'
import { openRevocations, type Revocations } from './clients/revocations.ts'
import { openPepper } from './clients/secret.ts'
import type { Config } from './config.ts'
import { type ChangeWatch, watchChanges } from './database/changes.ts'
import { storageFailure } from './database/failures.ts'
import { answers, type OpenDatabase } from './database/open.ts'
import { clientCertificateReader } from './http/client-certificate.ts'
import { mountGuardedApi } from './http/guarded-routes.ts'
import { mountHealth } from './http/health.ts'
import { collectMethods, refuseOtherMethods } from './http/method-not-allowed.ts'
import { describeRoutes, openApiDocument, serveOpenApi } from './http/openapi.ts'
import { createServer, type HttpServer } from './http/server.ts'
import { limitBodyTime } from './http/slow-bodies.ts'
import { identificationApi } from './identification/api.ts'
import { identificationRoutes } from './identification/routes.ts'
import { notificationApi } from './notification/api.ts'
import { notificationRoutes } from './notification/routes.ts'
import { createAccessTokens } from './oauth/access-token.ts'
import { clientSecretBasic } from './oauth/client-authentication/client-secret-basic.ts'
import { createClientAuthentication } from './oauth/client-authentication/index.ts'
import { createGrants } from './oauth/grants/index.ts'
import { issuerOf } from './oauth/metadata.ts'
import { createOwnTokenReader } from './oauth/own-token.ts'
import { mountAuthorizationServer } from './oauth/routes.ts'
import { openSigningKeys, type SigningKeys } from './oauth/signing-keys.ts'
import { mountPages } from './pages/routes.ts'
import { signatureApi } from './signature/api.ts'
import { openDocumentFiles } from './signature/files.ts'
import { signatureRoutes } from './signature/routes.ts'
import { sweepOrphans } from './signature/sweep.ts'
import { sharedSecret, type Vault } from './vault.ts'
import type { Caller } from './vocabulary/caller.ts'
import type { NewId, Now } from './vocabulary/clock.ts'

export interface AppOptions {
  config: Config
  database: OpenDatabase
  vault: Vault
  now: Now
  newId: NewId
  /** Where log lines go; standard output by default. */
  logStream?: DestinationStream
}

/** The whole program, called as a function or listening on a port. */
export interface App {
  server: HttpServer
  pepper: KeyObject
  catalogue: Catalogue
  clients: ClientDirectory
  keys: SigningKeys
  recorder: Recorder
  /** Follows what other nodes change. */
  changes: ChangeWatch
  /** The OpenAPI document. */
  openapi: () => object
  /** From now on `/readyz` says no. */
  stopTakingRequests: () => void
  /** Ends open requests, writes what waits. The database stays open. */
  close: () => Promise<void>
}

const builtInApis = [signatureApi, notificationApi, identificationApi]

export async function createApp({
  config,
  database,
  vault,
  now,
  newId,
  logStream,
}: AppOptions): Promise<App> {
  const { publicUrl } = config
  const { db } = database
  const pepper = openPepper(await sharedSecret(db, vault, 'pepper', now()))
  for (const api of builtInApis) await putApi(db, builtInApi(api, publicUrl), true, now())
  const catalogue = await openCatalogue(db)
  const clients = openClientDirectory(db, now, config.staleSeconds)
  const revocations = await openRevocations(db, now)
  const keys = await openSigningKeys(db, vault, now, newId)
  const files = await openDocumentFiles(join(config.dataDir, 'documents'))

  const errors = { publicUrl, support: config.support, storageFailure }
  const server = createServer({
    logLevel: config.logLevel,
    logStream,
    trustedProxies: config.trustedProxies,
    newId,
    errors,
    deprecated: config.deprecated,
  })
  const recorder = createRecorder(
    'file' in database.log ? fileWriter(database.log.file) : tableWriter(database.log.db),
    now,
    (rows) => server.log.warn({ rows }, 'activity was dropped: its store is full, away or too slow'),
  )
  const methods = collectMethods(server)
  const authenticationMethods = [clientSecretBasic(pepper, now)]
  const changes = await watchChanges(
    db,
    async (kind, key) => {
      if (kind === 'client') clients.forget(key)
      else if (kind === 'signing_key') await keys.reload()
      else if (kind === 'catalogue') await catalogue.reload()
      else if (kind === 'revocation') revocations.add(key)
    },
    (error) => server.log.warn({ err: error }, 'the changes of other nodes could not be read'),
  )
  const scopes = () => Object.fromEntries(catalogue.scopes().map((scope) => [scope.name, scope.description]))
  const openapi = () => openApiDocument(server, scopes())
  let taking = true

  await describeRoutes(server, publicUrl)
  limitBodyTime(server)
  mountHealth(server, {
    checks: { server: async () => taking, database: () => answers(db), signingKey: async () => hasKey(keys) },
  })
  await mountAuthorizationServer(server, {
    db,
    now,
    issuer: issuerOf(publicUrl),
    readOwnToken: createOwnTokenReader(issuerOf(publicUrl), keys, now),
    revocations,
    clients,
    publicUrl,
    catalogue,
    keys,
    grants: createGrants(catalogue),
    methods: authenticationMethods,
    authenticate: createClientAuthentication(authenticationMethods, clients),
    readCertificate: clientCertificateReader(config.trustedProxies),
    mint: createAccessTokens(issuerOf(publicUrl), keys, now, newId),
    record: ({ requestId, client, secretId, ...facts }) =>
      recorder.record({
        id: requestId,
        account_id: client?.accountId ?? null,
        client_id: client?.id ?? null,
        environment: client?.environment ?? null,
        secret_id: secretId ?? null,
        scopes: facts.scopes,
        status: facts.status,
        error: facts.error ?? null,
        host: facts.host,
      }),
  })
  const guarded = {
    guard: builtInGuard(publicUrl, keys, now),
    findCaller: (token: AccessToken) => findCaller(clients, revocations, token),
  }
  await mountGuardedApi(server, signatureApi, signatureRoutes({ db, files, now, newId }), guarded)
  await mountGuardedApi(server, notificationApi, notificationRoutes(db), guarded)
  await mountGuardedApi(server, identificationApi, identificationRoutes({ db, now, newId }), guarded)
  await mountPages(server, { publicUrl, support: config.support, catalogue, openapi })
  serveOpenApi(server, scopes)
  refuseOtherMethods(server, methods)
  await server.ready()
  sweepOrphans(db, files).catch((error: unknown) =>
    server.log.warn({ err: error }, 'the sweep of documents failed'),
  )

  return {
    server,
    pepper,
    catalogue,
    clients,
    keys,
    recorder,
    changes,
    openapi,
    stopTakingRequests: () => {
      taking = false
    },
    async close() {
      changes.stop()
      await server.close()
      await recorder.close()
    },
  }
}

/** The guard that we publish, in front of our own APIs: both environments, keys at hand. */
function builtInGuard(publicUrl: string, keys: SigningKeys, now: Now): Guard {
  return createGuard({
    issuer: issuerOf(publicUrl),
    audiences: { test: `${publicUrl}/test`, production: publicUrl },
    findKey: keys.find,
    now,
  })
}

/** A token is as good as its client is now: account and state come from there, not from the token. */
async function findCaller(
  clients: ClientDirectory,
  revocations: Revocations,
  token: AccessToken,
): Promise<Caller | undefined> {
  const client = clients.peek(token.clientId) ?? (await clients.find(token.clientId))
  if (!client || client.disabledAt !== null || client.environment !== token.environment) return undefined
  if (revocations.isRevoked({ id: token.id, notBefore: client.notBefore })) return undefined
  return {
    accountId: client.accountId,
    environment: client.environment,
    clientId: client.id,
    scopes: token.scopes,
  }
}

function hasKey(keys: SigningKeys): boolean {
  try {
    return keys.current() !== undefined
  } catch {
    return false
  }
}
