// The only file that knows every slice: a line each.
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { AccessToken } from '@latchkey/guard'
import { openActivity } from './activity/open.ts'
import { mountAccount } from './app/account-routes.ts'
import type { App, AppOptions } from './app/app-shape.ts'
import { createAuthenticationMethods } from './app/authentication-methods.ts'
import { builtInApis } from './app/built-in-apis.ts'
import { logDeprecatedScopes, openBuiltInCatalogue } from './app/catalogue.ts'
import { followChanges } from './app/follow-changes.ts'
import { findCaller, openGuards } from './app/guard.ts'
import { openPeople } from './app/people.ts'
import { openAppProtection } from './app/protection.ts'
import { createRecording } from './app/recording.ts'
import { mountSite } from './app/site.ts'
import { endpointsByScope } from './catalogue/endpoints.ts'
import { openClientDirectory } from './clients/directory.ts'
import { createLastUsed } from './clients/last-used.ts'
import { mountLeakReports } from './clients/leaked-secret-routes.ts'
import { openPublishedKeys } from './clients/published-keys.ts'
import { openRevocations } from './clients/revocations.ts'
import { openPepper } from './clients/secret.ts'
import { storageFailure } from './database/failures.ts'
import { answers } from './database/open.ts'
import { clientCertificateReader } from './http/client-certificate.ts'
import { createNonces } from './http/dpop-nonce.ts'
import { mountGuardedApi } from './http/guarded-routes.ts'
import { mountHealth } from './http/health.ts'
import { collectMethods, refuseOtherMethods } from './http/method-not-allowed.ts'
import { describeRoutes, openApiDocument, serveOpenApi } from './http/openapi.ts'
import { ownOrigins } from './http/own-origins.ts'
import { refusePlainHttp } from './http/plain-http.ts'
import { createServer } from './http/server.ts'
import { limitBodyTime } from './http/slow-bodies.ts'
import { identificationApi } from './identification/api.ts'
import { identificationRoutes } from './identification/routes.ts'
import { notificationApi } from './notification/api.ts'
import { notificationRoutes } from './notification/routes.ts'
import { createAccessTokens } from './oauth/access-token.ts'
import { createClientAuthentication } from './oauth/client-authentication/index.ts'
import { createConfirmation } from './oauth/confirmation.ts'
import { createProofCheck } from './oauth/dpop.ts'
import { mountForwardAuth } from './oauth/forward-auth.ts'
import { createGrants } from './oauth/grants/index.ts'
import { issuerOf } from './oauth/metadata.ts'
import { createOwnTokenReader } from './oauth/own-token.ts'
import { mountAuthorizationServer } from './oauth/routes.ts'
import { openOutbound } from './outbound.ts'
import { openSigning } from './setup/signing.ts'
import { signatureApi } from './signature/api.ts'
import { openDocumentFiles } from './signature/files.ts'
import { signatureRoutes } from './signature/routes.ts'
import { sweepOrphans } from './signature/sweep.ts'
import { sharedSecret } from './vault.ts'

export type { App, AppOptions }

export async function createApp({
  config,
  database,
  vault,
  now,
  newId,
  logStream,
  outbound,
  recording = true,
}: AppOptions): Promise<App> {
  const { publicUrl, trustedProxies } = config
  const { db } = database
  const pepper = openPepper(await sharedSecret(db, vault, 'pepper', now()))
  const catalogue = await openBuiltInCatalogue(db, builtInApis, publicUrl, now)
  const clients = openClientDirectory(db, now, config.staleSeconds, {
    ageMs: () => changes.ageMs(),
    poll: () => changes.poll(),
  })
  const revocations = await openRevocations(db, now)
  const warn = (facts: object, text: string) => server.log.warn(facts, text)
  const recorded = openActivity({
    ...{ database, now, recording, node: hostname(), keep: config },
    onDrop: (entries) => warn({ entries }, 'activity was dropped: its store is full, away or too slow'),
  })
  const activity = recorded.store
  const signing = await openSigning({ config, db, vault, now, newId, warn, retainActivity: recorded.retain })
  const { keys } = signing
  const nonces = createNonces(await sharedSecret(db, vault, 'dpop-nonce', now()), now)
  const guards = openGuards(publicUrl, keys, nonces, now)
  const origins = ownOrigins(config)
  const tokenEndpoints = origins.map((origin) => `${origin}/oauth/connect/token`)
  const readCertificate = clientCertificateReader(trustedProxies)
  const files = await openDocumentFiles(join(config.dataDir, 'documents'))

  const errors = { publicUrl, support: config.support, storageFailure }
  const server = createServer({
    logLevel: config.logLevel,
    logStream,
    trustedProxies,
    newId,
    errors,
    deprecated: config.deprecated,
  })
  const protection = await openAppProtection({ config, now, newId, warn })
  const people = await openPeople({ config, database, vault, now, newId, origins, protection, warn })
  const lastUsed = createLastUsed(db, now, (error) =>
    server.log.warn({ err: error }, 'the last use of secrets could not be written'),
  )
  const happenings = createRecording({
    db,
    now,
    recorder: recorded.recorder,
    clients,
    lastUsed,
    onError: (error) => warn({ err: error }, 'the owner of a refusal could not be found'),
  })
  const { recorder, recordTokenRequest } = happenings
  const methods = collectMethods(server)
  const publishedKeys = openPublishedKeys({
    db,
    get: openOutbound(outbound),
    now,
    onError: (clientId, reason) =>
      warn({ clientId, reason }, 'the published keys of a client could not be fetched'),
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
  const changes = await followChanges({
    database,
    staleSeconds: config.staleSeconds,
    now,
    newId,
    clients,
    keys,
    guards,
    catalogue,
    revocations,
    warn,
  })
  const scopes = () => Object.fromEntries(catalogue.inUse().map((scope) => [scope.name, scope.description]))
  const openapi = () => openApiDocument(server, scopes())
  let taking = true

  await describeRoutes(server, publicUrl)
  refusePlainHttp(server, publicUrl)
  limitBodyTime(server)
  const checks = {
    server: async () => taking,
    database: () => answers(db),
    signingKey: async () => keys.canSign(),
  }
  mountHealth(server, { checks })
  const mint = createAccessTokens(issuerOf(publicUrl), keys, now, newId)
  await mountAuthorizationServer(server, {
    db,
    now,
    newId,
    issuer: issuerOf(publicUrl),
    readOwnToken: createOwnTokenReader(issuerOf(publicUrl), keys, now),
    revocations,
    clients,
    publicUrl,
    mtlsUrl: config.mtlsUrl,
    catalogue,
    keys,
    grants: createGrants(catalogue, { onDeprecatedScope: logDeprecatedScopes(warn, now) }),
    methods: authenticationMethods,
    authenticate: createClientAuthentication(authenticationMethods, clients, protection.failedAttempts),
    countTokenRequest: protection.countTokenRequest,
    countEmptyIntrospection: protection.countEmptyIntrospection,
    readCertificate,
    confirm: createConfirmation(createProofCheck({ db, now, nonces, urls: tokenEndpoints })),
    nonces,
    mint,
    recordTokenRequest,
  })
  const callers = { clients, revocations, countCall: protection.countCall }
  const guarded = {
    guard: guards.builtIn,
    origins,
    nonces,
    readCertificate,
    recordCall: happenings.recordCall,
    noteBadToken: protection.noteBadToken,
    findCaller: (token: AccessToken, address: string) => findCaller(callers, token, address),
  }
  await mountForwardAuth(server, { ...guarded, catalogue, guardOf: guards.of, trustedProxies })
  await mountGuardedApi(server, signatureApi, signatureRoutes({ db, files, now, newId }), guarded)
  await mountGuardedApi(server, notificationApi, notificationRoutes(db), guarded)
  await mountGuardedApi(server, identificationApi, identificationRoutes({ db, now, newId }), guarded)
  await mountAccount(
    server,
    {
      ...{ db, now, newId, vault, pepper, catalogue, clients, changes, activity, publishedKeys, people },
      ...{ publicUrl, support: config.support, deprecated: config.deprecated, signer: signing.signer },
      trying: {
        ...{ db, now, newId, clients, catalogue, mint, recordTokenRequest },
        limit: protection.limitEach('tries', 30),
      },
      system: { config, database, now, checks, sharing: protection.sharing },
    },
    guarded,
    callers,
  )
  await people.mount(server)
  const limit = protection.limitPublic('leak-reports', 60)
  await mountLeakReports(server, {
    ...{ db, now, newId, pepper, clients, limit },
    ...{ record: recorder.record, notify: people.mailAboutLeak },
  })
  await mountSite(server, { db, now, publicUrl, catalogue, activity, people, openapi })
  serveOpenApi(server, scopes)
  refuseOtherMethods(server, methods)
  await server.ready()
  catalogue.learnEndpoints(endpointsByScope(server.swagger().paths))
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
    activity,
    lastUsed,
    changes,
    protection,
    publishedKeys,
    people,
    openapi,
    stopTakingRequests: () => {
      taking = false
    },
    async close() {
      await server.close()
      // As long as a request is open this node counts, and must hear what changes.
      await changes.stop()
      await people.close()
      await protection.close()
      await publishedKeys.close()
      await lastUsed.close()
      await recorder.close()
      await signing.close()
    },
  }
}
