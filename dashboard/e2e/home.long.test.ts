// Home: the first call by clicking and by a terminal, and what a day looks like.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { putAccount } from '../../server/accounts/store.ts'
import { assertAccessibleInBothThemes } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'
import { askToken, call, getToken } from './traffic.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

/** The steps that are ticked. */
const done = (page: Page) => page.getByRole('listitem').filter({ hasText: /Done$/i })

test('the first call is made by clicking: each step ticks, and the time that it took is told', {
  skip,
}, async () => {
  const { page } = await stage.signedIn({ accountId: 'clicking' })
  await page.goto(`${stage.url}/test/home`)
  await page.getByRole('heading', { name: 'Make your first call' }).waitFor()
  await page.getByText('No calls yet — they appear here within 5 seconds.').waitFor()
  assert.equal(await done(page).count(), 0)
  await page.getByRole('button', { name: 'Create my first client' }).dblclick()
  const dialog = page.getByRole('dialog', { name: 'Store this secret now' })
  await dialog.getByRole('button', { name: 'Run it now' }).click()
  await dialog.getByText('GET /signature/documents answered 200').first().waitFor()
  await dialog.getByRole('button', { name: 'Copy secret' }).click()
  await dialog.getByRole('button', { name: 'I have stored it' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText(/First call succeeded after \d+ s/).waitFor()
  await page.getByText('Calls granted').waitFor({ timeout: 5000 })
  await page.locator('.recharts-bar-rectangle path').first().waitFor()
  await assertAccessibleInBothThemes(page, 'home')
  await page.getByRole('link', { name: 'See it in the logs' }).click()
  await page
    .getByRole('dialog')
    .getByText(/A call of GET \/signature\/documents .* was answered 200/)
    .waitFor()
  // Twice pressed is one client.
  await page.goto(`${stage.url}/test/account/api-clients`)
  await page.getByRole('row').nth(1).waitFor()
  assert.equal(await page.getByRole('row').count(), 2)
})

test('what a terminal does ticks by itself, and a refusal leads to its reason', { skip }, async () => {
  const accountId = 'terminal'
  const { page } = await stage.signedIn({ accountId })
  await page.goto(`${stage.url}/test/home`)
  await page.getByRole('button', { name: 'Create my first client' }).waitFor()
  const client = await stage.world.makeClient({ accountId, scopes: ['document_read'] })
  await done(page).filter({ hasText: 'Make a client' }).waitFor({ timeout: 5000 })
  assert.equal((await askToken(stage, client, 'event')).status, 400)
  const why = page.getByRole('link', { name: 'See why, and how to fix it' })
  await why.waitFor({ timeout: 5000 })
  await assertAccessibleInBothThemes(page, 'home-begun')
  const token = await getToken(stage, client, 'document_read')
  await done(page).filter({ hasText: 'Get a token' }).waitFor({ timeout: 5000 })
  assert.equal(await why.count(), 0)
  await call(stage, token, '/signature/documents')
  await page.getByText(/First call succeeded after \d+ s/).waitFor({ timeout: 5000 })
})

test('a viewer is told why the button does nothing for him', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'looking', role: 'viewer' })
  await page.goto(`${stage.url}/test/home`)
  const button = page.getByRole('button', { name: 'Create my first client' })
  await button.click({ force: true })
  assert.equal(await button.getAttribute('aria-disabled'), 'true')
  await page
    .getByText(/Your role in this account does not allow you to make API clients/)
    .first()
    .waitFor()
  assert.equal(await page.getByRole('dialog').count(), 0)
})

test('Home of production says how far the account is, and then what its systems do', { skip }, async () => {
  const account = { id: 'waiting', name: 'Waiting', production: 'none' as const }
  await putAccount(stage.world.database.db, account, Date.now())
  const { page } = await stage.signedIn({ accountId: 'waiting' })
  await page.goto(`${stage.url}/production/home`)
  await page.getByRole('heading', { name: 'Production is not open yet' }).waitFor()
  await page.getByText(/\d of \d points of the checklist are done/).waitFor()
  await assertAccessibleInBothThemes(page, 'home-production-closed')
  await page.getByRole('link', { name: 'Go to production' }).last().click()
  await page.waitForURL(`${stage.url}/production/account/production`)

  const accountId = 'running'
  const client = await stage.world.makeClient({ accountId, environment: 'production' })
  await getToken(stage, client, 'event')
  const { page: other } = await stage.signedIn({ accountId })
  await other.goto(`${stage.url}/production/home`)
  await other.getByText('Token requests granted').waitFor()
  assert.equal(await other.getByText('Make your first call').count(), 0)
})
