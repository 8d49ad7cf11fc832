// Account → Audit: who changed what.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessibleInBothThemes } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

const rows = (page: Page) => page.getByRole('table', { name: 'Audit' }).locator('tbody tr')

test('a member reads who changed what, narrows it, and takes it along', { skip }, async () => {
  const accountId = 'audited'
  const name = 'Ada <b>Lovelace</b>'
  const { page, member } = await stage.signedIn({ accountId, name })
  const html = '<img src=x onerror=alert(1)>'
  const made = await member.call('POST', '/account/test/api-clients', {
    name: 'Invoices',
    scopes: ['document_read', 'event'],
  })
  const { client } = made.body
  const changed = await member.call(
    'PATCH',
    `/account/test/api-clients/${client.id}`,
    { name: html, scopes: ['document_read', 'document_write'], tokenLifetimeSeconds: 600 },
    { 'if-match': made.etag },
  )
  assert.equal(changed.status, 200)
  await page.goto(`${stage.url}/test/account/audit`)
  const change = rows(page).filter({ hasText: 'Client changed' })
  await change.waitFor()
  const told = (await change.textContent()) ?? ''
  for (const part of [
    name,
    client.id,
    `name: Invoices → ${html}`,
    'scopes: − event, + document_write',
    'token lifetime seconds: 3600 → 600',
    'Test',
  ])
    assert.ok(told.includes(part), `${part} is not in: ${told}`)
  assert.equal(await page.locator('main img, main b').count(), 0)
  const created = rows(page).filter({ hasText: 'Client created' })
  assert.match((await created.textContent()) ?? '', /name: Invoices.*scopes: document_read, event/)
  await assertAccessibleInBothThemes(page, 'audit')

  await page.getByLabel('Action', { exact: true }).fill('client.changed')
  await page.getByLabel('Done by').selectOption('member')
  await page.getByLabel('Done to').selectOption('client')
  await page.getByLabel('Id of the object').fill(client.id)
  await page.getByLabel('Time').selectOption('24h')
  await page.waitForURL((url) => url.searchParams.get('objectId') === client.id)
  await page.reload()
  await change.waitFor()
  assert.equal(await rows(page).count(), 1)
  assert.equal(await page.getByLabel('Action', { exact: true }).inputValue(), 'client.changed')

  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export as JSON lines' }).click()
  const file = await download
  assert.equal(file.suggestedFilename(), 'latchkey-audit-account.jsonl')
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\n')
  assert.ok(lines.some((line) => JSON.parse(line).action === 'client.created'))

  await page.getByLabel('Done by').selectOption('client')
  await page.getByText('Nothing matches.').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await change.waitFor()
  assert.equal(new URL(page.url()).search, '')
})

test('an account sees nothing of another, and a filter that is none is refused in words', {
  skip,
}, async () => {
  const { page } = await stage.signedIn({ accountId: 'quiet' })
  await page.goto(`${stage.url}/test/account/audit`)
  await page.getByRole('heading', { name: 'Nothing was changed yet' }).waitFor()
  await assertAccessibleInBothThemes(page, 'audit-empty')
  stage.expectComplaint(/400/)
  await page.goto(
    `${stage.url}/test/account/audit?time=between&from=2026-02-02T00:00:00Z&to=2026-01-01T00:00:00Z`,
  )
  await page.getByText('from must be before to.').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByRole('heading', { name: 'Nothing was changed yet' }).waitFor()
})
