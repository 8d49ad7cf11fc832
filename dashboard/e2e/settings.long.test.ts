// Settings: everything that a member changes of his own sign-in, and what an owner changes of the account.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { waitForMail } from '../../server/testing/mailbox.ts'
import type { TestMember } from '../../server/testing/member.ts'
import { codeOf } from '../../server/testing/totp.ts'
import { assertAccessibleInBothThemes, settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (skip) return
  stage = await openStage()
  // What is refused on purpose, what is asked for without a connection, and sessions that end.
  stage.expectComplaint(/account(\/(person|password|two-factor|sign-in)[\w/-]*)?$/)
  stage.expectComplaint(/status of 401/)
})
after(() => stage?.close())

async function openSettings(page: Page): Promise<void> {
  await page.goto(`${stage.url}/test/account/settings`)
  await settled(page)
}

/** @returns recovery codes. The session of the member ends: a new factor begins a new one. */
async function addSecondFactor({ call, password }: TestMember): Promise<string[]> {
  const { body } = await call('POST', '/account/two-factor', { password })
  const { status } = await call('POST', '/account/two-factor/confirm', { code: await codeOf(body.totpUri) })
  assert.equal(status, 204)
  return body.recoveryCodes
}

async function giveRecoveryCode(page: Page, code: string | undefined): Promise<void> {
  await page.getByRole('button', { name: 'Use a recovery code instead' }).click()
  await page.getByLabel('Recovery code').fill(code ?? '')
  await page.getByRole('button', { name: 'Confirm' }).click()
}

test('a member changes his password; who signed in elsewhere with the old one is out', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'acme' })
  const elsewhere = await stage.newPage()
  await elsewhere.goto(`${stage.url}/sign-in`)
  await elsewhere.getByLabel('Work e-mail').fill(member.email)
  // Who types blind wants to look, by the keyboard as well.
  const field = elsewhere.getByLabel('Password', { exact: true })
  await field.fill(member.password)
  await elsewhere.keyboard.press('Tab')
  const eye = elsewhere.getByRole('button', { name: 'Show the password' })
  assert.ok(await eye.evaluate((element) => element === document.activeElement))
  await elsewhere.keyboard.press('Space')
  assert.equal(await eye.getAttribute('aria-pressed'), 'true')
  assert.equal(await field.getAttribute('type'), 'text')
  await elsewhere.getByRole('button', { name: 'Sign in' }).click()
  await elsewhere.waitForURL(`${stage.url}/test/home`)

  await openSettings(page)
  await page.getByLabel('Current password').fill('wrong horse battery')
  await page.getByLabel('New password').fill('a new horse battery')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('is not right').first().waitFor()
  assert.equal(await page.getByLabel('New password').inputValue(), 'a new horse battery')
  await page.getByLabel('Current password').fill(member.password)
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('Your other sessions have ended.').waitFor()
  assert.equal(await page.getByLabel('New password').inputValue(), '')
  await elsewhere.reload()
  await elsewhere.waitForURL(/\/sign-in/)
})

test('a session that the member ends is gone, and the focus is not', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'acme' })
  const other = await stage.newPage()
  await other.goto(`${stage.url}/sign-in`)
  await other.getByLabel('Work e-mail').fill(member.email)
  await other.getByLabel('Password', { exact: true }).fill(member.password)
  await other.getByRole('button', { name: 'Sign in' }).click()
  await other.waitForURL(`${stage.url}/test/home`)
  await openSettings(page)
  await page.getByRole('button', { name: /^End the session of Chrome \d+, Linux$/ }).click()
  await page.getByText(/^The session of Chrome .* has ended\.$/).waitFor({ state: 'attached' })
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Settings')
  await other.reload()
  await other.waitForURL(/\/sign-in/)
})

test('a name that cannot be saved stays in its field, without a connection and without a session', {
  skip,
}, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'acme' })
  await openSettings(page)
  const name = page.getByLabel('Your name')
  await name.fill('')
  await page.getByRole('button', { name: 'Save the name', exact: true }).click()
  await page.getByText('Enter your name.').first().waitFor()
  await name.fill('Ada Lovelace')
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Save the name', exact: true }).click()
  await page.getByText('nothing that you typed is lost').waitFor()
  await page.context().setOffline(false)
  await stage.world.database.db
    .deleteFrom('person_session')
    .where('person_id', '=', member.personId)
    .execute()
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
  await page.getByText('What you typed is still here').waitFor()
  const door = await page.context().newPage()
  await door.goto(`${stage.url}/sign-in`)
  await door.getByLabel('Work e-mail').fill(member.email)
  await door.getByLabel('Password', { exact: true }).fill(member.password)
  await door.getByRole('button', { name: 'Sign in' }).click()
  await door.waitForURL(`${stage.url}/test/home`)
  await door.close()
  assert.equal(await name.inputValue(), 'Ada Lovelace')
  await page.getByRole('button', { name: 'Save the name', exact: true }).click()
  await page.getByRole('button', { name: 'Ada Lovelace' }).waitFor()
})

test('of two owners who name the account at once, the second sees the name of the first', {
  skip,
}, async () => {
  const first = await stage.signedIn({ accountId: 'named' })
  const second = await stage.signedIn({ accountId: 'named' })
  for (const { page } of [first, second]) await openSettings(page)
  const field = (page: Page) => page.getByLabel('Name of the account')
  const save = (page: Page) => page.getByRole('button', { name: 'Save the name of the account' }).click()
  await field(first.page).fill('Ours <b>first</b>')
  await save(first.page)
  await first.page.getByRole('banner').getByText('Ours <b>first</b>').waitFor()
  await field(second.page).fill('Ours second')
  await save(second.page)
  await second.page.getByText('Somebody else named it Ours <b>first</b> meanwhile').waitFor()
  assert.equal(await field(second.page).inputValue(), 'Ours second')
  await save(second.page)
  await second.page.getByRole('banner').getByText('Ours second').waitFor()
  const viewer = await stage.signedIn({ accountId: 'named', role: 'viewer' })
  await openSettings(viewer.page)
  const button = viewer.page.getByRole('button', { name: 'Save the name of the account' })
  assert.equal(await button.getAttribute('aria-disabled'), 'true')
  await assertAccessibleInBothThemes(viewer.page, 'settings-viewer')
})

test('recovery codes are made anew, copied and downloaded; the second factor is turned off', {
  skip,
}, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'acme' })
  const [first] = await addSecondFactor(member)
  await page.goto(`${stage.url}/test/account/settings`)
  await page.getByLabel('Work e-mail').fill(member.email)
  await page.getByLabel('Password', { exact: true }).fill(member.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Second factor' }).waitFor()
  // The step outlasts a reload, and can be given up.
  await page.reload()
  await page.getByLabel('Code of your app').fill('12345')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('Enter the 6 digits that the app shows.').first().waitFor()
  await page.getByRole('button', { name: 'Begin again' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.getByLabel('Work e-mail').fill(member.email)
  await page.getByLabel('Password', { exact: true }).fill(member.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await giveRecoveryCode(page, first)
  await page.waitForURL(`${stage.url}/test/account/settings`)
  await page.getByRole('button', { name: 'Make new recovery codes' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Password', { exact: true }).fill(member.password)
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('They are shown this once').waitFor()
  await assertAccessibleInBothThemes(page, 'settings-recovery-codes')
  await page.getByRole('button', { name: 'Copy the codes' }).click()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  assert.match(copied, /^(\w{5}-\w{5}\n){9}\w{5}-\w{5}$/)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the codes' }).click(),
  ])
  assert.equal(download.suggestedFilename(), 'latchkey-recovery-codes.txt')
  assert.equal(readFileSync(await download.path(), 'utf8'), `${copied}\n`)
  await page.getByRole('button', { name: 'I have stored them' }).click()
  assert.equal(await page.getByText(copied.slice(0, 11)).count(), 0)
  await page.getByRole('button', { name: 'Turn it off' }).click()
  await dialog.getByLabel('Password', { exact: true }).fill(member.password)
  await dialog.getByRole('button', { name: 'Turn it off' }).click()
  await page.getByText('It is off.').waitFor()
})

test('how times and colours are shown is chosen here, and kept', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'acme' })
  await openSettings(page)
  await page.getByRole('radiogroup', { name: 'Appearance' }).getByText('Dark').click()
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' })
  await page.getByRole('radiogroup', { name: 'Times' }).getByText('UTC').click()
  await page.reload()
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' })
  assert.ok(await page.getByRole('radio', { name: 'UTC' }).isChecked())
})

test('who joins by a link with a second factor is asked for it at once, not for the password again', {
  skip,
}, async () => {
  const owner = await stage.signedIn({ accountId: 'host' })
  const { member } = await stage.signedIn({ accountId: 'home', email: 'factor@home.example' })
  const [code] = await addSecondFactor(member)
  await owner.member.call('POST', '/account/invitations', { email: member.email, role: 'viewer' })
  const { token } = await waitForMail(stage.world, member.email)
  const page = await stage.newPage()
  await page.goto(`${stage.url}/invitation#token=${token}`)
  await page.getByLabel('Password', { exact: true }).fill(member.password)
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByRole('heading', { name: 'Second factor' }).waitFor()
  await giveRecoveryCode(page, code)
  await page.waitForURL(`${stage.url}/test/home`)
})
