// What people type is shown as text, wherever it stands; and ten thousand clients are no more than ten.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { insertClient } from '../../server/clients/store.ts'
import { storeSecret } from './clients.ts'
import { assertAccessibleInBothThemes, assertFitsNarrow, settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
const hostile = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>&amp;'`
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

test('HTML in names and descriptions is shown as text on every page of a client', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'hostile' })
  await page.goto(`${stage.url}/test/account/api-clients/new`)
  await page.getByRole('textbox', { name: 'Name' }).fill(hostile)
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('dialog').getByText(`the secret of ${hostile}`).waitFor()
  await storeSecret(page)
  await page.getByRole('heading', { name: hostile }).waitFor()
  await page.getByRole('link', { name: 'Edit', exact: true }).click()
  await page.getByRole('heading', { name: `Edit ${hostile}` }).waitFor()
  await page.getByRole('textbox', { name: 'Description' }).fill(hostile)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText(hostile, { exact: true }).nth(1).waitFor()
  await page.getByRole('tab', { name: 'Secrets' }).click()
  await page.getByRole('button', { name: 'Add secret' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a secret' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill(hostile)
  await dialog.getByRole('button', { name: 'Add secret' }).click()
  await storeSecret(page)
  await page.getByRole('region', { name: hostile }).waitFor()
  await assertAccessibleInBothThemes(page, 'client-hostile')
  await assertFitsNarrow(page)
  await page.goto(`${stage.url}/test/account/api-clients`)
  await page.getByRole('link', { name: hostile }).waitFor()
  await assertAccessibleInBothThemes(page, 'clients-hostile')
  await assertFitsNarrow(page)
  await page.goto(`${stage.url}/test/account/production`)
  await page.getByRole('button', { name: `Copy to production: ${hostile}` }).click()
  await page.getByRole('dialog', { name: `Copy ${hostile} to production` }).waitFor()
  assert.notEqual(await page.title(), 'run')
  assert.equal(await page.locator('img[src=x]').count(), 0)
})

test('in an account of ten thousand clients one is found within a second', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'huge' })
  const { db } = stage.world.database
  const nowMs = Date.now()
  await db.transaction().execute(async (tx) => {
    for (let count = 0; count < 10_000; count += 1) {
      const facts = { accountId: 'huge', environment: 'test' as const, scopes: ['document_read'] }
      const id = `test-many-${String(count).padStart(5, '0')}`
      await insertClient(
        tx,
        { ...facts, id, name: `Client ${count}`, tokenLifetimeSeconds: 3600 },
        nowMs + count,
      )
    }
  })
  const startedAt = performance.now()
  await page.goto(`${stage.url}/test/account/api-clients`)
  await page.getByRole('link', { name: 'Client 9999' }).waitFor()
  const shownMs = performance.now() - startedAt
  await settled(page)
  assert.equal(await page.getByRole('row').count(), 26)
  const searchedAt = performance.now()
  await page.getByRole('searchbox').fill('client 4242')
  await page.getByText('test-many-04242', { exact: true }).waitFor()
  const foundMs = performance.now() - searchedAt
  await page.getByRole('searchbox').fill('')
  for (let pages = 2; pages <= 5; pages += 1) {
    await page.getByRole('button', { name: 'Show more' }).click()
    await page
      .getByRole('row')
      .nth(pages * 25)
      .waitFor()
  }
  console.log(`10,000 clients: list after ${Math.round(shownMs)} ms, search after ${Math.round(foundMs)} ms`)
  assert.ok(shownMs < 5000 && foundMs < 2000)
})
