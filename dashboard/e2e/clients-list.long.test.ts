// Account → API Clients.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessibleInBothThemes, assertFitsNarrow, settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

test('a member without clients is told what one is for, and how to get it', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'empty-handed' })
  await page.goto(`${stage.url}/test/account/api-clients`)
  await page.getByRole('heading', { name: 'No API clients in Test yet' }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'New client' }).count(), 2)
  await assertAccessibleInBothThemes(page, 'clients-empty')
})

test('a member finds one of his clients by a part of its name', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'acme' })
  for (let count = 0; count < 30; count += 1) await stage.world.makeClient({})
  const { clientId } = await stage.world.makeClient({})
  await page.goto(`${stage.url}/test/account/api-clients`)
  await settled(page)
  assert.equal(await page.getByRole('row').count(), 26)
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.getByRole('row').nth(31).waitFor()
  await page.getByRole('searchbox').fill(clientId.slice(5))
  await page.getByText(clientId, { exact: true }).waitFor()
  await page.waitForURL(/search=/)
  await assertAccessibleInBothThemes(page, 'clients')
  await assertFitsNarrow(page)
})
