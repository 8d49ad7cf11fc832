// The only file that knows every slice: a line each.
import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import type { AccessToken } from '@latchkey/guard'
import type { DestinationStream } from 'pino'
import { accountApi } from './accounts/api.ts'
import { createRecorder, type Recorder } from './activity/recorder.ts'
import { fileWriter, tableWriter } from './activity/writer.ts'
import { accountRoutes } from './app/account-routes.ts'
import { createAuthenticationMethods } from './app/authentication-methods.ts'
import { builtInGuard, findAccountCaller, findCaller } from './app/guard.ts'
import { type Catalogue, openCatalogue } from './catalogue/catalogue.ts'
import { builtInApi, putApi } from './catalogue/store.ts'
import { type ClientDirectory, openClientDirectory } from './clients/directory.ts'
import { createLastUsed, type LastUsed } from './clients/last-used.ts'
import { openPublishedKeys, type PublishedKeys } from './clients/published-keys.ts'
import { openRevocations } from './clients/revocations.ts'
import { openPepper } from './clients/secret.ts'
import type { Config } from './config.ts'
import { type ChangeWatch, watchChanges } from './database/changes.ts'
import { storageFailure } from './database/failures.ts'
import { answers, type OpenDatabase } from './database/open.ts'
import { mountAccountApi } from './http/account-routes.ts'
import { clientCertificateReader } from './http/client-certificate.ts'
import { createNonces } from './http/dpop-nonce.ts'
import { mountGuardedApi } from './http/guarded-routes.ts'
import { mountHealth } from './http/health.ts'
import { collectMethods, refuseOtherMethods } from './http/method-not-allowed.ts'
import { describeRoutes, openApiDocument, serveOpenApi } from './http/openapi.ts'
import { ownOrigins } from './http/own-origins.ts'
import { refusePlainHttp } from './http/plain-http.ts'
import { createServer, type HttpServer } from './http/server.ts'
import { limitBodyTime } from './http/slow-bodies.ts'
import { createDoOnce } from './idempotency.ts'
import { identificationApi } from './identification/api.ts'
import { identificationRoutes } from './identification/routes.ts'
import { notificationApi } from './notification/api.ts'
import { notificationRoutes } from './notification/routes.ts'
import { createAccessTokens } from './oauth/access-token.ts'
import { createClientAuthentication } from './oauth/client-authentication/index.ts'
import { createConfirmation } from './oauth/confirmation.ts'
import { createProofCheck } from './oauth/dpop.ts'
import { createGrants } from './oauth/grants/index.ts'
import { issuerOf } from './oauth/metadata.ts'
import { createOwnTokenReader } from './oauth/own-token.ts'
import { mountAuthorizationServer } from './oauth/routes.ts'
import { type OutboundOptions, openOutbound } from './outbound.ts'
import { mountPages } from './pages/routes.ts'
import { openSigning, type Signing } from './setup/signing.ts'
import { signatureApi } from './signature/api.ts'
import { openDocumentFiles } from './signature/files.ts'
import { signatureRoutes } from './signature/routes.ts'
import { sweepOrphans } from './signature/sweep.ts'
import { openVault, sharedSecret, type Vault } from './vault.ts'
import type { NewId, Now } from './vocabulary/clock.ts'

export interface AppOptions {
  config: Config
  database: OpenDatabase
  vault: Vault
  now: Now
  newId: NewId
  /** Where log lines go; standard output by default. */
  logStream?: DestinationStream
  /** How addresses of others are fetched; by default the public internet alone. */
  outbound?: OutboundOptions
}

/** The whole program, called as a function or listening on a port. */
export interface App extends Pick<Signing, 'keys' | 'rotation' | 'background'> {
  server: HttpServer
  pepper: KeyObject
  catalogue: Catalogue
  clients: ClientDirectory
  recorder: Recorder
  lastUsed: LastUsed
  /** Follows what other nodes change. */
  changes: ChangeWatch
  /** The keys that clients publish at addresses of theirs. */
  publishedKeys: PublishedKeys
  /** The OpenAPI document. */
  openapi: () => object
  /** From now on `/readyz` says no. */
  stopTakingRequests: () => void
  /** Ends open requests, writes what waits. The database stays open. */
  close: () => Promise<void>
}

const builtInApis = [signatureApi, notificationApi, identificationApi, accountApi]

export async function createApp({
  config,
  database,
  vault,
  now,
  newId,
  logStream,
  outbound,
}: AppOptions): Promise<App> {
  const { publicUrl } = config
  const { db } = database
  const pepper = openPepper(await sharedSecret(db, vault, 'pepper', now()))
  for (const api of builtInApis) await putApi(db, builtInApi(api, publicUrl), true, now())
  const catalogue = await openCatalogue(db)
  const clients = openClientDirectory(db, now, config.staleSeconds)
  const revocations = await openRevocations(db, now)
  const warn = (facts: object, text: string) => server.log.warn(facts, text)
  const signing = await openSigning({ config, db, vault, now, newId, warn })
  const { keys } = signing
  const nonces = createNonces(await sharedSecret(db, vault, 'dpop-nonce', now()), now)
  const guard = builtInGuard(publicUrl, keys, nonces, now)
  const origins = ownOrigins(config)
  const tokenEndpoints = origins.map((origin) => `${origin}/oauth/connect/token`)
  const readCertificate = clientCertificateReader(config.trustedProxies)
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
  const lastUsed = createLastUsed(db, now, (error) =>
    server.log.warn({ err: error }, 'the last use of secrets could not be written'),
  )
  const methods = collectMethods(server)
  const publishedKeys = openPublishedKeys({
    db,
    get: openOutbound(outbound),
    now,
    onError: (clientId, reason) =>
      server.log.warn({ clientId, reason }, 'the published keys of a client could not be fetched'),
  })
  const authenticationMethods = createAuthenticationMethods({
    config,
    db,
    pepper,
    now,
    tokenEndpoints,
    publishedKeys,
    warn,
  })
  const changes = await watchChanges(
    db,
    async (kind, key) => {
      if (kind === 'client') clients.forget(key)
      else if (kind === 'signing_key') {
        await keys.reload()
        // A key may have been withdrawn: no token of its is good because it once was.
        guard.forget()
      } else if (kind === 'catalogue') await catalogue.reload()
      else if (kind === 'revocation') revocations.add(key)
    },
    (error) => server.log.warn({ err: error }, 'the changes of other nodes could not be read'),
  )
  const scopes = () => Object.fromEntries(catalogue.scopes().map((scope) => [scope.name, scope.description]))
  const openapi = () => openApiDocument(server, scopes())
  let taking = true

  await describeRoutes(server, publicUrl)
  refusePlainHttp(server, publicUrl)
  limitBodyTime(server)
  mountHealth(server, {
    checks: {
      server: async () => taking,
      database: () => answers(db),
      signingKey: async () => keys.canSign(),
    },
  })
  await mountAuthorizationServer(server, {
    db,
    now,
    issuer: issuerOf(publicUrl),
    readOwnToken: createOwnTokenReader(issuerOf(publicUrl), keys, now),
    revocations,
    clients,
    publicUrl,
    mtlsUrl: config.mtlsUrl,
    catalogue,
    keys,
    grants: createGrants(catalogue),
    methods: authenticationMethods,
    authenticate: createClientAuthentication(authenticationMethods, clients),
    readCertificate,
    confirm: createConfirmation(createProofCheck({ db, now, nonces, urls: tokenEndpoints })),
    nonces,
    mint: createAccessTokens(issuerOf(publicUrl), keys, now, newId),
    record: ({ requestId, client, secretId, ...facts }) => {
      if (secretId !== undefined) lastUsed.note(secretId)
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
      })
    },
  })
  const guarded = {
    guard,
    origins,
    nonces,
    readCertificate,
    findCaller: (token: AccessToken) => findCaller(clients, revocations, token),
  }
  await mountGuardedApi(server, signatureApi, signatureRoutes({ db, files, now, newId }), guarded)
  await mountGuardedApi(server, notificationApi, notificationRoutes(db), guarded)
  await mountGuardedApi(server, identificationApi, identificationRoutes({ db, now, newId }), guarded)
  const doOnce = createDoOnce(db, openVault(await sharedSecret(db, vault, 'idempotent-answers', now())), now)
  await mountAccountApi(server, accountRoutes({ db, now, newId, doOnce, pepper, catalogue, clients }), {
    ...guarded,
    findAccountCaller: (token, from) => findAccountCaller(db, clients, revocations, token, from),
  })
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
    rotation: signing.rotation,
    background: signing.background,
    recorder,
    lastUsed,
    changes,
    publishedKeys,
    openapi,
    stopTakingRequests: () => {
      taking = false
    },
    async close() {
      changes.stop()
      await server.close()
      await publishedKeys.close()
      await lastUsed.close()
      await recorder.close()
      await signing.close()
    },
  }
}
