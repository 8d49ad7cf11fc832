// Logs: what a member sees while his programs ask for tokens and call APIs.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { tokenRequest } from '../../server/testing/world.ts'
import { assertAccessibleInBothThemes, settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'
import { askToken, call, getToken } from './traffic.ts'

const skip = noBrowser ?? false
let stage: Stage
/** An entry of another account. */
let foreignId = ''
before(async () => {
  if (skip) return
  stage = await openStage({
    settings: {
      LATCHKEY_DEPRECATED_HOSTS: 'old.example',
      LATCHKEY_DEPRECATED_SINCE: '2026-10-01',
      LATCHKEY_DEPRECATED_SUNSET: '2099-03-01',
    },
  })
  const token = await stage.world.token(['document_read'], { accountId: 'somebody-else' })
  foreignId = (await call(stage, token, '/signature/documents')).requestId
})
after(() => stage?.close())

const panelOf = (page: Page) => page.getByRole('dialog', { name: 'What happened to this request' })
const rows = (page: Page) => page.getByRole('table', { name: 'Logs' }).locator('tbody tr')

test('what happens appears by itself, and beside the list of who reads it', { skip }, async () => {
  const accountId = 'live'
  const client = await stage.world.makeClient({ accountId })
  const { page } = await stage.signedIn({ accountId })
  await page.goto(`${stage.url}/test/logs`)
  await page.getByRole('heading', { name: 'No requests yet' }).waitFor()
  await page.getByText('New entries appear here within 5 seconds.').waitFor()
  await assertAccessibleInBothThemes(page, 'logs-empty')

  const startedAt = Date.now()
  const token = await getToken(stage, client, 'document_read')
  await rows(page).first().waitFor({ timeout: 5000 })
  await call(stage, token, '/signature/documents')
  await rows(page).nth(1).waitFor({ timeout: 5000 })
  assert.ok(Date.now() - startedAt < 10_000)
  assert.match((await rows(page).first().textContent()) ?? '', /GET \/signature\/documents.*200granted/)

  // Under the pointer nothing moves.
  await rows(page).first().hover()
  await call(stage, token, '/signature/documents')
  await call(stage, token, '/signature/documents/doc_none')
  const show = page.getByRole('button', { name: 'Show 2 new entries' })
  await show.waitFor()
  assert.equal(await rows(page).count(), 2)
  await show.click()
  await rows(page).nth(3).waitFor()
  assert.match((await rows(page).first().textContent()) ?? '', /404refused: not_found/)
  assert.match(
    (await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) ?? '',
    /^Open GET \/signature\/documents\/:documentId of /,
  )

  await page.getByRole('switch', { name: 'Live' }).uncheck({ force: true })
  await page.getByText('The live view is off.').waitFor()
})

test('a filter is in the address, survives loading again, and says when nothing matches', {
  skip,
}, async () => {
  const accountId = 'filters'
  const client = await stage.world.makeClient({ accountId })
  const other = await stage.world.makeClient({ accountId })
  const token = await getToken(stage, client, 'document_read')
  await getToken(stage, other, 'event')
  await call(stage, token, '/notification/events')
  const { page } = await stage.signedIn({ accountId })
  await page.goto(`${stage.url}/test/logs`)
  await rows(page).nth(2).waitFor()
  await page.getByLabel('Status').selectOption('4xx')
  await page.getByLabel('Client id').fill(client.clientId)
  await page.getByLabel('Endpoint').fill('GET /notification/events')
  await page.getByLabel('Scope').fill('event')
  await page.getByLabel('Kind').selectOption('api_call')
  await page.getByLabel('Time').selectOption('1h')
  await page.waitForURL(
    (url) =>
      url.searchParams.get('clientId') === client.clientId &&
      url.searchParams.get('scope') === 'event' &&
      url.searchParams.get('operation') === 'GET /notification/events',
  )
  await page.reload()
  await rows(page).first().waitFor()
  assert.equal(await rows(page).count(), 1)
  assert.match((await rows(page).first().textContent()) ?? '', /403refused: insufficient_scope/)
  assert.equal(await page.getByLabel('Client id').inputValue(), client.clientId)
  assert.equal(await page.getByLabel('Time').inputValue(), '1h')
  await assertAccessibleInBothThemes(page, 'logs')

  await page.getByLabel('Status').selectOption('5xx')
  await page.getByText('Nothing matches.').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await rows(page).nth(2).waitFor()
  assert.equal(new URL(page.url()).search, '')

  // Two moments are kept in UTC: a colleague elsewhere sees the same.
  await page.getByLabel('Time').selectOption('between')
  await page.getByLabel('Until').fill('2020-01-02T03:04')
  await page.waitForURL(/to=20(20-01-0[123]|19)/)
  await page.getByText('Nothing matches.').waitFor()
})

test('the panel tells the owner the true reason of a refusal, and leads to where it is mended', {
  skip,
}, async () => {
  const accountId = 'reasons'
  const expired = await stage.world.makeClient({ accountId, expiresAt: Date.UTC(2026, 0, 1) })
  const userAgent = '<img src=x onerror=alert(1)> <b>bold</b>'
  const refused = await askToken(stage, expired, 'document_read', { 'user-agent': userAgent })
  assert.equal(refused.status, 401)
  assert.doesNotMatch(JSON.stringify(refused.body), /expired on/)
  const { page } = await stage.signedIn({ accountId })
  await page.goto(`${stage.url}/test/logs`)
  const opener = page.getByRole('button', { name: /^Open POST \/oauth\/connect\/token/ })
  await opener.press('Enter')
  const panel = panelOf(page)
  await panel
    .getByText(/expired/)
    .first()
    .waitFor()
  await page.waitForURL(/entry=req_/)
  assert.equal(await panel.getByText(userAgent).count(), 1)
  assert.equal(await panel.locator('img, b').count(), 0)
  assert.equal((await panel.textContent())?.includes(expired.clientSecret), false)
  await assertAccessibleInBothThemes(page, 'logs-panel')
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  assert.equal(await opener.evaluate((element) => element === document.activeElement), true)
  assert.equal(new URL(page.url()).search, '')
  await opener.click()
  await panel.getByRole('link', { name: 'Look at the secrets of the client' }).click()
  await page.waitForURL(`${stage.url}/test/account/api-clients/${expired.clientId}?tab=secrets`)
})

test('a missing scope is mended from the link to its entry', { skip }, async () => {
  const accountId = 'mending'
  const client = await stage.world.makeClient({ accountId, scopes: ['document_read'] })
  const token = await getToken(stage, client, 'document_read')
  const refused = await call(stage, token, '/notification/events')
  assert.equal(refused.status, 403)
  const { page } = await stage.signedIn({ accountId })
  // The link that a colleague sent.
  await page.goto(`${stage.url}/test/logs?entry=${refused.requestId}`)
  const panel = panelOf(page)
  await panel.getByRole('button', { name: 'Copy a link to this entry' }).click()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url())
  const command = panel.getByRole('region', { name: 'The same request as a command' })
  assert.match((await command.textContent()) ?? '', /^curl .*Bearer ACCESS_TOKEN/)
  await panel.getByRole('link', { name: 'Edit the client: event is marked there' }).click()
  await page.waitForURL(
    `${stage.url}/test/account/api-clients/${client.clientId}/edit?advanced=1&scope=event#scopes`,
  )
  await page.getByRole('checkbox', { name: /^event/ }).waitFor()
})

test('an entry of another account is not found', { skip }, async () => {
  stage.expectComplaint(/404/)
  const { page } = await stage.signedIn({ accountId: 'live' })
  for (const entry of [foreignId, 'req_00000000-0000-7000-8000-000000000000', '<b>'])
    await test(entry, async () => {
      await page.goto(`${stage.url}/test/logs?${new URLSearchParams({ entry })}`)
      await panelOf(page).getByText('There is no such request in this account and environment.').waitFor()
    })
})

test('the live view ends with the session', { skip }, async () => {
  stage.expectComplaint(/401/)
  const { page, member } = await stage.signedIn({ accountId: 'live' })
  await page.goto(`${stage.url}/test/logs`)
  await page.getByText('New entries appear here within 5 seconds.').waitFor()
  await member.call('POST', '/account/sign-out')
  await page.waitForURL(`${stage.url}/sign-in?to=%2Ftest%2Flogs`)
})

test('charts have a sentence and a table, and reuse has a verdict with the change of code', {
  skip,
}, async () => {
  const accountId = 'charts'
  const client = await stage.world.makeClient({ accountId })
  for (let count = 0; count < 25; count += 1) {
    const token = await getToken(stage, client, 'document_read')
    await call(stage, token, '/signature/documents')
  }
  await askToken(stage, client, 'no_such_scope')
  const { page } = await stage.signedIn({ accountId })
  const scripts: string[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.push(response.url())
  })
  await page.goto(`${stage.url}/test/logs`)
  await rows(page).nth(24).waitFor()
  assert.equal(
    scripts.some((url) => /chart/i.test(url)),
    false,
  )
  await page.getByRole('button', { name: 'Show more' }).click()
  await rows(page).nth(49).waitFor()

  await page.getByRole('tab', { name: 'Charts' }).click()
  const tokens = page.getByRole('region', { name: 'Token requests' })
  await tokens.getByText('25 granted, 1 refused in the last 24 hours.').waitFor()
  await page.locator('.recharts-bar-rectangle path').first().waitFor()
  await assertAccessibleInBothThemes(page, 'logs-charts')
  await tokens.getByRole('button', { name: 'Table of Token requests' }).click()
  assert.match((await tokens.getByRole('table').textContent()) ?? '', /251$/)
  await page.getByText('30 days', { exact: true }).click()
  await tokens.getByText('25 granted, 1 refused in the last 30 days.').waitFor()

  await page.getByRole('tab', { name: 'Token reuse' }).click()
  const row = page.getByRole('row', { name: new RegExp(client.clientId) })
  assert.match((await row.textContent()) ?? '', /Poor2525/)
  const change = page.getByRole('region', { name: 'With the SDK' })
  assert.match((await change.textContent()) ?? '', /createClient/)
  await settled(page)
  await assertAccessibleInBothThemes(page, 'logs-reuse')
})

test('who still uses the deprecated host name is named, with the day on which it ends', {
  skip,
}, async () => {
  const accountId = 'behind'
  const client = await stage.world.makeClient({ accountId })
  const request = tokenRequest(client, 'grant_type=client_credentials&scope=event')
  const answer = await stage.world.inject({
    ...request,
    headers: { ...request.headers, host: 'old.example' },
  })
  assert.equal(answer.statusCode, 200)
  const { page } = await stage.signedIn({ accountId })
  await page.goto(`${stage.url}/test/logs`)
  const notice = page.getByRole('alert').filter({ hasText: 'Deprecated host name in use' })
  await notice.getByRole('link', { name: client.clientId }).waitFor()
  assert.match(
    (await notice.textContent()) ?? '',
    /called old\.example once in the last 30 days.*It stops answering .*2099/,
  )
  await assertAccessibleInBothThemes(page, 'logs-deprecated')
})
