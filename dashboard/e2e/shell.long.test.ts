// The frame of the dashboard, by keyboard: skip link, palette, environments, the way out, and a session that ends.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessible, settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

test('the first Tab offers to skip to the content, and a new page begins at its heading', {
  skip,
}, async () => {
  const { page } = await stage.signedIn()
  await page.goto(`${stage.url}/test/account/members`)
  await settled(page)
  await page.keyboard.press('Tab')
  const focused = page.locator(':focus')
  assert.equal(await focused.textContent(), 'Skip to the content')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'content')
  await page.getByRole('link', { name: 'Audit' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Audit')
  assert.equal(await page.title(), 'Audit · Latchkey')
  const here = page.getByRole('link', { name: 'Audit' })
  assert.equal(await here.getAttribute('aria-current'), 'page')
})

test('Ctrl K finds a client by its name and goes there', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'acme' })
  const { clientId } = await stage.world.makeClient({ accountId: 'acme', set: { name: 'Nightly <export>' } })
  await page.goto(`${stage.url}/test/home`)
  await settled(page)
  await page.keyboard.press('Control+k')
  const field = page.getByRole('textbox', { name: /Go to a page/ })
  await field.waitFor()
  await page.keyboard.type('nightly')
  await page.getByText('Nightly <export>').waitFor()
  await assertAccessible(page, 'palette')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${stage.url}/test/account/api-clients/${clientId}`)
  await page.keyboard.press('Control+k')
  await field.fill('sett')
  await page.getByRole('dialog').getByText('Settings', { exact: true }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${stage.url}/test/account/settings`)
})

test('the switch keeps the page, or shows the list of the other environment and says so', {
  skip,
}, async () => {
  const { page } = await stage.signedIn({ accountId: 'acme' })
  const { clientId } = await stage.world.makeClient({ accountId: 'acme' })
  await page.goto(`${stage.url}/test/account/members`)
  await page.getByText('Test environment: nothing here is legally binding').waitFor()
  await page.getByRole('radio', { name: 'Test' }).press('ArrowRight')
  await page.waitForURL(`${stage.url}/production/account/members`)
  assert.equal(await page.getByText('Test environment: nothing here is legally binding').count(), 0)
  await page.goto(`${stage.url}/test/account/api-clients/${clientId}`)
  await settled(page)
  await page.getByRole('radio', { name: 'Test' }).press('ArrowRight')
  await page.waitForURL(`${stage.url}/production/account/api-clients`)
  await page.getByText('exists in the other environment only').waitFor()
})

test('a member works in one account, then in another, and signs out', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'first' })
  const other = await stage.signedIn({ accountId: 'second' })
  await stage.world.database.db
    .insertInto('member')
    .values({
      ...{ id: stage.world.newId('mem'), account_id: 'second', person_id: member.personId, role: 'viewer' },
      created_at: Date.now(),
    })
    .execute()
  await other.page.close()
  await page.goto(`${stage.url}/test/account/members`)
  await page.getByText('first', { exact: true }).waitFor()
  await page.getByRole('button', { name: /^Person \d+/ }).press('Enter')
  await page.getByRole('menuitem', { name: 'second' }).press('Enter')
  await page.waitForURL(`${stage.url}/test/home`)
  await page.getByText('second', { exact: true }).waitFor()
  await page.getByRole('button', { name: /^Person \d+/ }).press('Enter')
  await page.getByRole('menuitemradio', { name: 'Dark' }).press('Enter')
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' })
  await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter')
  await page.waitForURL(`${stage.url}/sign-in`)
  await page.goBack()
  await page.waitForURL(/\/sign-in/)
})

test('when the session ends while a page is open, the door is shown, and leads back', { skip }, async () => {
  stage.expectComplaint(/status of 401/)
  const { page, member } = await stage.signedIn({ accountId: 'first' })
  await page.goto(`${stage.url}/test/account/members`)
  await settled(page)
  await stage.world.database.db
    .deleteFrom('person_session')
    .where('person_id', '=', member.personId)
    .execute()
  await page.getByRole('link', { name: 'Audit' }).click()
  await page.waitForURL(/\/sign-in\?to=/)
  await page.getByLabel('Work e-mail').fill(member.email)
  await page.getByLabel('Password', { exact: true }).fill(member.password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${stage.url}/test/account/audit`)
})

test('an address that leads nowhere says so, and forced colours keep what tells things apart', {
  skip,
}, async () => {
  const { page } = await stage.signedIn({ accountId: 'first' })
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto(`${stage.url}/test/nothing/here`)
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  await page.getByRole('link', { name: 'Go to Home' }).click()
  await page.waitForURL(`${stage.url}/test/home`)
  await page.getByText('Test environment: nothing here is legally binding').waitFor()
  const border = await page.locator('.test-band').evaluate((band) => getComputedStyle(band).borderBottomWidth)
  assert.equal(border, '3px')
})
