// Every page of the dashboard, with something to show and without: no fault that axe knows, in both themes, nothing that
// scrolls sideways at 320 px, one heading, a title, no complaint of the browser. A page without an address here fails.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { makeObjects } from '../../server/testing/account-api/objects.ts'
import { assertAccessibleInBothThemes, assertFitsNarrow, settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false

/** Patterns of routes.tsx, under the parent that each has. */
function routePatterns(): string[] {
  const text = readFileSync(new URL('../routes.tsx', import.meta.url), 'utf8')
  const found = [...text.matchAll(/page\(\s*(root|environment|operator),\s*(?:'([^']+)'|paths\.(\w+))/g)]
  return found.map(([, parent, path, name]) => `${parent} ${path ?? name}`).toSorted()
}

/** An address for each pattern. */
const addresses: Readonly<Record<string, string>> = {
  'root signUp': '/sign-up',
  'root signIn': '/sign-in',
  'root resetPassword': '/reset-password',
  'root confirm': '/confirm#token=abcdefghijklmnopqrstuvwxyz',
  'root invitation': '/invitation',
  'root setUp': '/set-up',
  'root device': '/device',
  'environment /home': '/test/home',
  'environment /logs': '/test/logs',
  'environment /signature': '/test/signature',
  'environment /signature/$documentId': '/test/signature/DOCUMENT',
  'environment /identification': '/test/identification',
  'environment /identification/$identificationId': '/test/identification/IDENTIFICATION',
  'environment /events': '/test/events',
  'environment /events/$eventId': '/test/events/EVENT',
  'environment /account/api-clients': '/test/account/api-clients',
  'environment /account/api-clients/new': '/test/account/api-clients/new?advanced=1',
  'environment /account/api-clients/$clientId': '/test/account/api-clients/CLIENT',
  'environment /account/api-clients/$clientId/edit': '/test/account/api-clients/CLIENT/edit?advanced=1',
  'environment /account/members': '/test/account/members',
  'environment /account/audit': '/test/account/audit',
  'environment /account/settings': '/test/account/settings',
  'environment /account/production': '/test/account/production',
  'operator /accounts': '/operator/accounts',
  'operator /accounts/$accountId': '/operator/accounts/operators',
  'operator /production-requests': '/operator/production-requests',
  'operator /apis': '/operator/apis',
  'operator /apis/$apiId': '/operator/apis/API',
  'operator /signing-keys': '/operator/signing-keys',
  'operator /audit': '/operator/audit',
  'operator /system': '/operator/system',
}

let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

test('every page has an address in this test', () => {
  assert.deepEqual(routePatterns(), Object.keys(addresses).toSorted())
})

async function look(page: Page, url: string, name: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto(stage.url + url)
  await settled(page)
  assert.equal(await page.locator('h1').count(), 1, `${url} has one heading`)
  assert.match(await page.title(), /.+ · Latchkey$/, url)
  assert.equal(await page.locator('html').getAttribute('lang'), 'en')
  await assertAccessibleInBothThemes(page, name)
  await assertFitsNarrow(page)
}

for (const [what, accountId] of [
  ['without anything', 'newcomers'],
  ['with something', 'operators'],
] as const)
  for (const [pattern, address] of Object.entries(addresses))
    test(`${pattern}, ${what}`, { skip }, async () => {
      const operator = accountId === 'operators'
      const { page } = await stage.signedIn({ accountId, ...(operator && { operator }) })
      const { ids } = await examples()
      const url = address
        .replace('DOCUMENT', ids.documentId ?? '')
        .replace('IDENTIFICATION', ids.identificationId ?? '')
        .replace('EVENT', ids.eventId ?? '')
        .replace('CLIENT', ids.clientId ?? '')
        .replace('API', ids.apiId ?? '')
      // What the newcomers do not have is not there for them: the page says so.
      if (!operator) stage.expectComplaint(/status of 40[34]/)
      await look(page, url, `${pattern}-${accountId}`.replace(/[^\w]+/g, '-'))
      // Sixty open pages would be more than a small machine holds.
      await page.context().close()
    })

let made: ReturnType<typeof makeObjects> | undefined

function examples(): ReturnType<typeof makeObjects> {
  made ??= makeObjects(stage.world, { accountId: 'operators', environment: 'test' })
  return made
}
