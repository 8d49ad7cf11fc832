// The frame of the dashboard, by keyboard: skip link, palette, environments, the way out, and a session that ends.
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
  const field = page.getByRole('combobox', { name: /Go to a page/ })
  await field.waitFor()
  await page.keyboard.type('nightly')
  const found = page.getByRole('option', { name: 'Nightly <export>', selected: true })
  await found.waitFor()
  assert.equal(await field.getAttribute('aria-activedescendant'), await found.getAttribute('id'))
  await page.getByRole('status').getByText('1 result', { exact: true }).waitFor()
  await assertAccessibleInBothThemes(page, 'palette')
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
  stage.expectComplaint(/ERR_INTERNET_DISCONNECTED/)
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
  // Without a connection nobody is signed out, and nobody is told so.
  await page.context().setOffline(true)
  await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter')
  await page.getByText('The server cannot be reached').first().waitFor()
  assert.equal(page.url(), `${stage.url}/test/home`)
  await page.context().setOffline(false)
  await page.getByRole('button', { name: /^Person \d+/ }).press('Enter')
  await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter')
  await page.waitForURL(`${stage.url}/sign-in`)
  await page.goBack()
  await page.waitForURL(/\/sign-in/)
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

test('on a narrow screen the pages stand behind a button, and no name makes it wider', { skip }, async () => {
  const name = 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh'
  const { page } = await stage.signedIn({ accountId: 'narrow', name }, { width: 320, height: 640 })
  await stage.world.database.db
    .updateTable('account')
    .set({ name: 'Rindfleischetikettierungsueberwachungsaufgabenuebertragung' })
    .where('id', '=', 'narrow')
    .execute()
  await page.goto(`${stage.url}/test/account/members`)
  await assertFitsNarrow(page)
  const menu = page.getByRole('button', { name: 'Show the pages' })
  assert.equal(await menu.getAttribute('aria-expanded'), 'false')
  // What is behind it is not come to before it is opened.
  await menu.focus()
  for (let tabs = 0; tabs < 12; tabs += 1) {
    await page.keyboard.press('Tab')
    const isHidden = await page.evaluate(() => document.activeElement?.closest('nav') !== null)
    assert.ok(!isHidden, 'Tab comes to a page that is not shown')
  }
  await menu.press('Enter')
  assert.equal(await menu.getAttribute('aria-expanded'), 'true')
  await page.getByRole('link', { name: 'Audit' }).press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor()
  assert.equal(await menu.getAttribute('aria-expanded'), 'false')
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByRole('combobox', { name: /Go to a page/ }).waitFor()
  await assertFitsNarrow(page)
})

test('a page of a release that is gone offers to load again; what is open stays', { skip }, async () => {
  stage.expectComplaint(/status of 404|PartMissing/)
  const { page } = await stage.signedIn({ accountId: 'first' })
  await page.goto(`${stage.url}/test/account/members`)
  await settled(page)
  const gone = /assets\/(palette|audit-page)-.*\.js/
  await page.route(gone, (route) => route.fulfill({ status: 404 }))
  await page.keyboard.press('Control+k')
  await page.getByText('A part of the dashboard could not be loaded').waitFor()
  await page.getByRole('heading', { level: 1, name: 'Members' }).waitFor()
  await page.getByRole('link', { name: 'Audit' }).press('Enter')
  await page.getByRole('heading', { name: 'This page could not be shown' }).waitFor()
  await assertAccessibleInBothThemes(page, 'failed')
  await page.unroute(gone)
  await page.getByRole('button', { name: 'Load again' }).press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor()
})
