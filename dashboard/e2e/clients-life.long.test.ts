// The end of an API client, its way back, and its way to production.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { putAccount } from '../../server/accounts/store.ts'
import { until } from '../../server/testing/until.ts'
import { requestToken, storeSecret } from './clients.ts'
import { assertAccessibleInBothThemes, assertFitsNarrow } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

test('a deleted client is taken back: by the notice, and from the list', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'acme' })
  const client = await stage.world.makeClient({})
  const { clientId } = client
  assert.equal(await requestToken(stage, client, 'event'), 200)
  const activity = `/account/test/activity?clientId=${clientId}`
  await until(
    async () => (await member.call('GET', activity)).body.items.length === 1 || undefined,
    'its activity',
  )
  await page.goto(`${stage.url}/test/account/api-clients/${clientId}`)
  for (const way of ['notice', 'list'] as const) {
    await page.getByRole('button', { name: 'Delete client' }).click()
    const dialog = page.getByRole('dialog', { name: `Delete ${clientId}?` })
    await dialog.getByText(/in the last hour.* fail(ing)? with 401 at once\./).waitFor()
    if (way === 'notice') await assertAccessibleInBothThemes(page, 'client-delete')
    await dialog.getByRole('button', { name: 'Delete client' }).click()
    await page.getByRole('heading', { name: 'API Clients', exact: true }).waitFor()
    assert.equal(await requestToken(stage, client, 'event'), 401)
    if (way === 'notice') {
      await page.getByRole('alert').getByRole('button', { name: 'Undo' }).click()
    } else {
      await page.getByText('Deleted', { exact: true }).click()
      await page.getByRole('button', { name: `Undo the deletion of ${clientId}` }).waitFor()
      await assertAccessibleInBothThemes(page, 'clients-deleted')
      await page.getByRole('button', { name: `Undo the deletion of ${clientId}` }).click()
    }
    await page.getByText(`${clientId} is back.`).first().waitFor()
    assert.equal(await requestToken(stage, client, 'event'), 200)
    await page.goto(`${stage.url}/test/account/api-clients/${clientId}`)
  }
})

test('a client is disabled and enabled, and its tokens are revoked', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'acme', role: 'developer' })
  const client = await stage.world.makeClient({})
  await page.goto(`${stage.url}/test/account/api-clients/${client.clientId}`)
  await page.getByRole('button', { name: 'Revoke tokens' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke tokens' }).click()
  await page.getByText('All its tokens are revoked. In effect.').waitFor()
  await page.getByRole('button', { name: 'Disable client' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disable client' }).click()
  await page.getByText('This client is disabled').waitFor()
  assert.equal(await requestToken(stage, client, 'event'), 401)
  await assertAccessibleInBothThemes(page, 'client-disabled')
  await assertFitsNarrow(page)
  await page.getByRole('button', { name: 'Enable client' }).click()
  await page.getByText('This client is disabled').waitFor({ state: 'detached' })
  assert.equal(await requestToken(stage, client, 'event'), 200)
})

test('an account asks for production, and copies its client when it is approved', { skip }, async () => {
  const { db } = stage.world.database
  await putAccount(db, { id: 'young', name: 'Young', production: 'none' }, stage.world.clock.now())
  const { page } = await stage.signedIn({ accountId: 'young' })
  const { member: operator } = await stage.signedIn({ accountId: 'operators', operator: true })
  const { clientId } = await stage.world.makeClient({
    accountId: 'young',
    scopes: ['document_read', 'event'],
  })
  await page.goto(`${stage.url}/production/account/api-clients/new`)
  await page.getByText('Production is not open for this account yet').first().waitFor()
  await assertAccessibleInBothThemes(page, 'client-new-not-approved')
  await page.getByRole('main').getByRole('link', { name: 'Go to production' }).click()
  await page.getByRole('button', { name: 'Ask for production' }).click()
  await page.getByRole('link', { name: 'Company: enter its legal name.' }).click()
  await page.getByRole('textbox', { name: 'Company' }).fill('Young AS, 999 888 777')
  await page.getByRole('textbox', { name: 'What it is for' }).fill('Contracts with our customers.')
  await assertAccessibleInBothThemes(page, 'production')
  await assertFitsNarrow(page)
  await page.getByRole('button', { name: 'Ask for production' }).click()
  await page.getByText('Waiting for the operator').first().waitFor()
  assert.equal((await operator.call('POST', '/account/accounts/young/approve-production')).status, 200)

  await page.reload()
  await page.getByText('This account is approved for production.').waitFor()
  await page.getByRole('button', { name: 'Copy to production: Test client' }).waitFor()
  await page.getByRole('link', { name: 'Test client' }).click()
  await page.getByRole('button', { name: 'Copy to production: Test client' }).click()
  const dialog = page.getByRole('dialog', { name: 'Copy Test client to production' })
  await dialog.getByRole('checkbox', { name: 'event' }).uncheck()
  await dialog.getByRole('textbox', { name: 'Allowed networks' }).fill('203.0.113.0/24')
  await assertAccessibleInBothThemes(page, 'client-copy')
  await assertFitsNarrow(page)
  await dialog.getByRole('button', { name: 'Copy client to production' }).click()
  const secret = await storeSecret(page)
  assert.match(secret, /^lk_prod_/)
  assert.match(page.url(), /\/production\/account\/api-clients\/prod-/)
  const report = page.getByRole('region', { name: `Copied from ${clientId}` })
  await report
    .getByRole('row', { name: /Scopes document_read event document_read It was asked for/ })
    .waitFor()
  await report.getByText('The secret expires. Rotate it before.').waitFor()
  await assertAccessibleInBothThemes(page, 'client-copied')
  await assertFitsNarrow(page)

  // In production the name is typed before something is destroyed.
  await page.getByRole('button', { name: 'Delete client' }).click()
  const confirm = page.getByRole('dialog')
  assert.ok(await confirm.getByRole('button', { name: 'Delete client' }).isDisabled())
  await confirm.getByRole('textbox', { name: 'Type Test client to confirm' }).fill('Test client')
  await confirm.getByRole('button', { name: 'Delete client' }).click()
  await page.getByRole('heading', { name: 'API Clients', exact: true }).waitFor()
})

test('a viewer sees clients, and is told who may change them', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'acme', role: 'viewer' })
  const { clientId } = await stage.world.makeClient({})
  await page.goto(`${stage.url}/test/account/api-clients/${clientId}`)
  const button = page.getByRole('button', { name: 'Delete client' })
  await button.focus()
  await page
    .getByText('Your role in this account does not allow you to change API clients. Ask an owner.')
    .first()
    .waitFor()
  assert.equal(await button.getAttribute('aria-disabled'), 'true')
  assert.equal(await page.getByRole('link', { name: 'Edit', exact: true }).count(), 0)
  await page.goto(`${stage.url}/test/account/api-clients/${clientId}/edit`)
  await page.getByText('Your role in this account does not allow you to change API clients.').waitFor()
})
