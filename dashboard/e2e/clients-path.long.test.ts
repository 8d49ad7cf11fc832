// From New client to a token that opens what was selected, by the labels that the documentation names.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { storeSecret } from './clients.ts'
import { assertAccessibleInBothThemes, assertFitsNarrow } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

test('a developer makes a client, selects its scopes, and calls with its token', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'literal', role: 'developer' })
  await page.goto(`${stage.url}/test/home`)
  await page.getByRole('link', { name: 'API Clients' }).click()
  await page.getByRole('link', { name: 'New client' }).first().click()
  await page.getByRole('radio', { name: 'OAuth' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Invoice service')
  await assertAccessibleInBothThemes(page, 'client-new')
  await assertFitsNarrow(page)
  await page.getByRole('button', { name: 'Create' }).click()

  const dialog = page.getByRole('dialog', { name: 'Store this secret now' })
  await dialog.waitFor()
  await dialog.getByText('This client has no scopes yet, so it gets no token.').waitFor()
  await assertAccessibleInBothThemes(page, 'secret-dialog')
  await assertFitsNarrow(page)
  const secret = await storeSecret(page)
  assert.match(secret, /^lk_test_/)
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret)
  // Nothing of it stays: neither in the page nor in what the browser keeps.
  const kept = await page.evaluate(
    () => document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage }),
  )
  assert.ok(!kept.includes(secret))

  await page.getByText('This client cannot get a token yet: no scopes are selected.').waitFor()
  await assertAccessibleInBothThemes(page, 'client-without-scopes')
  await page.getByRole('link', { name: 'Edit', exact: true }).click()
  await page.getByRole('button', { name: 'Show advanced settings' }).click()
  await page.getByRole('checkbox', { name: 'document_read' }).check()
  await page.getByText('+ document_read').waitFor()
  await assertAccessibleInBothThemes(page, 'client-edit')
  await page.getByRole('button', { name: 'Save' }).click()

  await page.getByText(/^Saved. Tokens issued before \d\d:\d\d keep their old scopes/).waitFor()
  await page.getByRole('button', { name: 'Send test call' }).click()
  await page.getByText('GET /signature/documents answered 200').first().waitFor()
  await assertAccessibleInBothThemes(page, 'client')
  await assertFitsNarrow(page)

  await page.getByRole('tab', { name: 'Logs' }).click()
  await page.waitForURL(/tab=logs/)
  await page.getByRole('table').getByText('GET /signature/documents').first().waitFor()
})

test('in the dialog of its secret a client makes its first call', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'fast' })
  await page.goto(`${stage.url}/test/account/api-clients/new?advanced=1`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Archive')
  await page.getByRole('checkbox', { name: 'document_read' }).check()
  await page.getByRole('button', { name: 'Create' }).click()
  const dialog = page.getByRole('dialog', { name: 'Store this secret now' })
  const secret = await dialog.getByLabel('Client secret').inputValue()
  await dialog.getByRole('button', { name: 'Run it now' }).click()
  await dialog.getByText('GET /signature/documents answered 200').first().waitFor()
  const shown = async (name: string) => (await dialog.getByRole('region', { name }).textContent()) ?? ''
  const wire = await shown('Token request: Request')
  assert.match(wire, /^POST \/oauth\/connect\/token HTTP\/1.1\n/)
  assert.match(wire, /Authorization: Basic •+\n/)
  assert.match(wire, /grant_type=client_credentials&scope=document_read$/)
  const answer = await shown('Token request: Answer')
  assert.match(answer, /^HTTP\/1.1 200 OK\n.*"access_token": "[^"]{12}…[^"]{4}"/s)
  await dialog.getByText('SDK', { exact: true }).click()
  const code = await shown('SDK')
  assert.match(code, /latchkey\.fetch\('\/signature\/documents'\)/)
  assert.ok(!(wire + answer + code).includes(secret))
  await assertAccessibleInBothThemes(page, 'secret-dialog-tried')
})
