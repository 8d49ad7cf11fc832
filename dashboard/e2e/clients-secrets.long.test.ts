// The secrets of an API client: shown once, rotated with proof, revoked when nothing uses them any more.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from '../../server/testing/until.ts'
import { requestToken, storeSecret } from './clients.ts'
import { assertAccessibleInBothThemes, assertFitsNarrow } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
const hourMs = 3_600_000
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

test('nobody leaves the dialog of a secret by mistake', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'acme' })
  const { clientId } = await stage.world.makeClient({})
  await page.goto(`${stage.url}/test/account/api-clients?search=${clientId}`)
  await page.getByRole('link', { name: 'Test client' }).click()
  await page.getByRole('tab', { name: 'Secrets' }).click()
  await page.getByRole('button', { name: 'Add secret' }).click()
  await page.getByRole('dialog', { name: 'Add a secret' }).getByRole('button', { name: 'Add secret' }).click()
  const dialog = page.getByRole('dialog', { name: 'Store this secret now' })
  const field = dialog.getByLabel('Client secret')
  assert.match(await field.inputValue(), /^lk_test_/)
  // It gets the focus, all of it selected, and does not let it out.
  await until(
    async () => (await field.evaluate((input) => input === document.activeElement)) || undefined,
    'the focus in the field',
  )
  assert.equal(await page.evaluate(() => window.getSelection()?.toString()), await field.inputValue())
  for (let count = 0; count < 12; count += 1) await page.keyboard.press('Tab')
  assert.ok(await dialog.evaluate((element) => element.contains(document.activeElement)))

  await page.keyboard.press('Escape')
  await dialog.getByText('Close without a copy?').waitFor()
  await assertAccessibleInBothThemes(page, 'secret-dialog-asks')
  await dialog.getByRole('button', { name: 'Back to the secret' }).click()
  // Closing the tab and going back ask, too.
  page.once('dialog', (question) => {
    assert.equal(question.type(), 'beforeunload')
    void question.dismiss()
  })
  await page.close({ runBeforeUnload: true })
  await page.waitForEvent('dialog')
  await page.evaluate(() => history.back())
  await dialog.getByText('Close without a copy?').waitFor()
  await dialog.getByRole('button', { name: 'Back to the secret' }).click()

  await dialog.getByRole('button', { name: 'Copy as .env' }).click()
  const env = await page.evaluate(() => navigator.clipboard.readText())
  assert.equal(env.split('\n')[2], `LATCHKEY_CLIENT_SECRET=${await field.inputValue()}`)
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Download .env' }).click()
  assert.equal((await download).suggestedFilename(), `${clientId}.env`)
  await dialog.getByRole('button', { name: 'I have stored it' }).click()
  await dialog.waitFor({ state: 'detached' })
  await until(
    async () => (await page.evaluate(() => document.activeElement !== document.body)) || undefined,
    'a place of the focus',
  )
})

test('a secret is rotated with proof that nothing uses the old one any more', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'acme' })
  const old = await stage.world.makeClient({ scopes: ['document_read'] })
  const { clientId } = old
  const secretsUrl = `/account/test/api-clients/${clientId}/secrets`
  const address = `${stage.url}/test/account/api-clients/${clientId}?tab=secrets`
  const uses = async (name: string) => {
    const { body } = await member.call('GET', secretsUrl)
    const secret = body.items.find((item: { name: string }) => item.name === name)
    return secret?.usesLastHour === 1 || undefined
  }
  assert.equal(await requestToken(stage, old, 'document_read'), 200)
  await until(() => uses('first'), 'a use of the old secret')

  await page.goto(address)
  await page.getByRole('button', { name: 'Rotate' }).click()
  const dialog = page.getByRole('dialog', { name: 'Rotate the secret' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('second')
  await dialog.getByRole('radio', { name: 'when I revoke it' }).check()
  await assertAccessibleInBothThemes(page, 'secret-rotate')
  await dialog.getByRole('button', { name: 'Make the new secret' }).click()
  const clientSecret = await storeSecret(page)

  const first = page.getByRole('region', { name: 'first' })
  await first.getByText('Not yet safe to revoke:').waitFor()
  await first.getByText('1 token request in the last hour, last from 127.0.0.1.').waitFor()
  await page.getByRole('button', { name: 'Rotate' }).focus()
  await page.getByText('Two secrets work already. Revoke one of them first.').first().waitFor()
  await assertAccessibleInBothThemes(page, 'secrets')
  await assertFitsNarrow(page)

  // A day later only the new one was used.
  await stage.world.app.lastUsed.flush()
  stage.world.clock.advance(25 * hourMs)
  assert.equal(await requestToken(stage, { clientId, clientSecret }, 'document_read'), 200)
  await until(() => uses('second'), 'a use of the new secret')
  await page.goto(address)
  await first.getByText('Quiet for 25 h: safe to revoke.').waitFor()
  await first.getByRole('button', { name: 'Revoke first' }).click()
  const confirm = page.getByRole('dialog', { name: /^Revoke first \(lk_test_….{4}\)\?$/ })
  await confirm.getByText(/safe to revoke\.$/).waitFor()
  await assertAccessibleInBothThemes(page, 'secret-revoke')
  await confirm.getByRole('button', { name: 'Revoke secret' }).click()
  await page.getByText('first is revoked. In effect.').first().waitFor()
  await page.getByRole('region', { name: 'Ended' }).getByText('first', { exact: true }).waitFor()
  assert.equal(await requestToken(stage, old, 'document_read'), 401)
  assert.equal(await requestToken(stage, { clientId, clientSecret }, 'document_read'), 200)
})

test('a member gives a secret another end', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'acme' })
  const { clientId } = await stage.world.makeClient({})
  await page.goto(`${stage.url}/test/account/api-clients/${clientId}`)
  // The banner says what is wrong, and leads to where it is mended.
  await page.getByText('A secret never expires').waitFor()
  await page.getByRole('link', { name: 'Look at the secrets' }).click()
  await page.getByRole('button', { name: 'Change first' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change first' })
  await dialog.getByLabel('Expires').selectOption({ label: 'in 90 days' })
  await assertAccessibleInBothThemes(page, 'secret-change')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  const { body } = await member.call('GET', `/account/test/api-clients/${clientId}/secrets`)
  const days = (Date.parse(body.items[0].expiresAt) - Date.now()) / (24 * hourMs)
  assert.ok(days > 89 && days < 91, `${days} days`)
})
