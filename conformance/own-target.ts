// Our own server as a target: started in this process, with every kind of client and a clock that moves.
import { putApi } from '../server/catalogue/put-api.ts'
import { createWorld, type World } from '../server/testing/world.ts'
import { reservedScopes } from '../server/vocabulary/permission.ts'
import { discover } from './discovery.ts'
import { openFetchingApi, ordersApi } from './own-apis.ts'
import { makeSpecialClients } from './own-clients.ts'
import { addSigningKey, countClientLoads } from './own-inside.ts'
import { controlKeys } from './own-keys.ts'
import { makeAssertionClients, makeCertificateClients, openPublishingClient } from './own-methods.ts'
import { openOtherNode } from './own-node.ts'
import { makeProductionObjects } from './own-objects.ts'
import type { GuardedCall, OpenTarget } from './target.ts'

/** The host name that stands for the deprecated one; the server itself is at 127.0.0.1. */
const deprecatedHost = 'localhost'

export async function openOwnTarget(): Promise<OpenTarget> {
  const logLines: string[] = []
  const world = await createWorld({
    settings: {
      LATCHKEY_DEPRECATED_HOSTS: deprecatedHost,
      LATCHKEY_DEPRECATED_SINCE: '2026-06-01',
      LATCHKEY_DEPRECATED_SUNSET: '2027-06-01',
      // The address of nobody: certificates come by the second node alone.
      LATCHKEY_TRUSTED_PROXIES: '192.0.2.10',
      LATCHKEY_MTLS_URL: 'https://mtls.latchkey.example',
    },
    onLogLine: (line) => logLines.push(line),
  })
  try {
    return await prepare(world, logLines)
  } catch (error) {
    // A server that keeps listening would keep the test file from ending.
    await world.close()
    throw error
  }
}

async function prepare(world: World, logLines: readonly string[]): Promise<OpenTarget> {
  const { db } = world.database
  await putApi(db, ordersApi, false, world.clock.now())
  await world.app.catalogue.reload()
  const signing = await addSigningKey(world)
  const clientLoads = countClientLoads(world)
  const url = await world.listen()
  const { client, clients } = await makeSpecialClients(world)
  const assertionClients = await makeAssertionClients(world)
  const discovered = await discover(`${url}/oauth`)
  const orders = await openFetchingApi(discovered, world.clock.now)
  const productionObjects = await makeProductionObjects(world, clients.production)
  return {
    target: {
      ...discovered,
      client,
      clients,
      assertionClient: assertionClients.assertion,
      ungrantedScope: 'invoice_write',
      reservedScopes: [...reservedScopes],
      guarded: guardedCalls(url, productionObjects.testDocumentId),
      productionOnly: orders.call,
      audiences: { test: `${url}/test`, production: url },
      resources: [
        { scope: 'document_read', audience: `${url}/test` },
        { scope: 'order_read', audience: ordersApi.audiences.test },
      ],
      deprecatedOrigin: `http://${deprecatedHost}:${new URL(url).port}`,
      scopesPage: `${url}/docs/scopes`,
      openApi: `${url}/openapi.json`,
      accountApi: `${url}/account`,
      mayFlood: true,
      now: world.clock.now,
      logLines: () => logLines,
      advanceClock: world.clock.advance,
      ...signing,
      keys: controlKeys(world),
      makeClient: () => makeClient(world),
      clientLoads,
      openFetchingApi: () => openFetchingApi(discovered, world.clock.now),
      openOtherNode: () => openOtherNode(world),
      legacyAudienceClient: assertionClients.legacyAudience,
      openPublishingClient: () => openPublishingClient(world),
      certificateClients: await makeCertificateClients(world),
      productionObjects: productionObjects.ids,
      sharedObjects: { apiId: ordersApi.id },
      promisesTexts: true,
    },
    async close() {
      await orders.close()
      await world.close()
    },
  }
}

async function makeClient(world: World) {
  const scopes = ['document_read', 'event']
  return { ...(await world.makeClient({ scopes })), scopes }
}

/** One call for each built-in scope. */
function guardedCalls(url: string, documentId: string): GuardedCall[] {
  const get = (scope: string, path: string) => ({ scope, url: url + path, method: 'GET' })
  return [
    get('document_read', '/signature/documents'),
    get('document_file', `/signature/documents/${documentId}/files/unsigned`),
    get('event', '/notification/events'),
    get('identify', '/identification/sessions'),
    {
      scope: 'document_write',
      url: `${url}/signature/documents`,
      method: 'POST',
      contentType: 'multipart/form-data; boundary=b',
      body: '--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n\r\n--b--\r\n',
    },
  ]
}
