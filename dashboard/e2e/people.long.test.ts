// Getting in: signing up, confirming the address, a lost password, a second factor, an invitation, the first operator.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeLink } from '../../server/people/one-time-link.ts'
import { waitForMail } from '../../server/testing/mailbox.ts'
import { codeOf } from '../../server/testing/totp.ts'
import { assertAccessible, assertAccessibleInBothThemes, settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
const password = 'correct horse battery'
let stage: Stage
before(async () => {
  if (skip) return
  stage = await openStage()
  // What is refused on purpose.
  // Sessions end while their pages are open.
  stage.expectComplaint(/status of 401/)
  for (const path of [
    'sign-in',
    'sign-up',
    'password-reset/complete',
    'email-confirmation',
    'invitations',
    'set-up',
    'two-factor',
  ])
    stage.expectComplaint(new RegExp(`account/${path}`))
})
after(() => stage?.close())

test('a stranger signs up, works at once, and confirms his address by the mail', { skip }, async () => {
  const page = await stage.newPage()
  await page.goto(`${stage.url}/sign-up`)
  await assertAccessibleInBothThemes(page, 'sign-up')
  await page.getByRole('button', { name: 'Create a free test account' }).click()
  await page.getByText('3 things have to be mended').waitFor()
  await assertAccessible(page, 'sign-up with errors')
  await page.getByLabel('Work e-mail').fill('ada@acme.example')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByText('7 more characters are needed').first().waitFor()
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Company').fill('Acme <b>bold</b>')
  await page.getByRole('button', { name: 'Create a free test account' }).click()
  await page.waitForURL(`${stage.url}/test/home`)
  await page.getByText('Acme <b>bold</b>').first().waitFor()
  await page.getByText('Your address is not confirmed yet').waitFor()

  const { token } = await waitForMail(stage.world, 'ada@acme.example')
  await page.goto(`${stage.url}/confirm#token=${token}`)
  await page.getByLabel('New password').fill('another horse battery')
  assert.doesNotMatch(page.url(), /token/, 'the token is out of the address at once')
  await assertAccessibleInBothThemes(page, 'confirm')
  await page.getByRole('button', { name: 'Confirm my address' }).click()
  await page.waitForURL(`${stage.url}/test/home`)
  await settled(page)
  assert.equal(await page.getByText('Your address is not confirmed yet').count(), 0)
  await page.goto(`${stage.url}/confirm#token=${token}`)
  await page.getByLabel('New password').fill('a third horse battery')
  await page.getByRole('button', { name: 'Confirm my address' }).click()
  await page.getByRole('heading', { name: 'This link does not work' }).waitFor()
  await assertAccessibleInBothThemes(page, 'dead-link')
})

test('an address that has an account already signs up like any other, and opens nothing of it', {
  skip,
}, async () => {
  const { member } = await stage.signedIn({ accountId: 'hidden-works', email: 'taken@acme.example' })
  const page = await stage.newPage()
  await page.goto(`${stage.url}/sign-up`)
  await page.getByLabel('Work e-mail').fill(member.email)
  await page.getByLabel('Password', { exact: true }).fill('a stranger guesses it')
  await page.getByLabel('Company').fill('Somebody else')
  await page.getByRole('button', { name: 'Create a free test account' }).click()
  await page.waitForURL(`${stage.url}/test/home`)
  await page.getByRole('banner').getByText('Somebody else').waitFor()
  await page.getByText('Your address is not confirmed yet').waitFor()
  await page.goto(`${stage.url}/test/account/members`)
  await settled(page)
  const rows = page.getByRole('table', { name: 'Members' }).getByRole('row')
  assert.equal(await rows.count(), 2, 'the head, and he alone')
  assert.equal(await page.getByText('hidden-works').count(), 0)
})

test('a member signs in and comes back to where he wanted to go, and nowhere else', { skip }, async () => {
  const { member } = await stage.signedIn({ accountId: 'acme' })
  const page = await stage.newPage()
  await page.goto(`${stage.url}/test/account/members`)
  await page.waitForURL(/\/sign-in\?to=/)
  await assertAccessibleInBothThemes(page, 'sign-in')
  await page.getByLabel('Work e-mail').fill(member.email)
  await page.getByLabel('Password', { exact: true }).fill('wrong horse battery')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Address and password do not belong together').waitFor()
  await page.getByLabel('Password', { exact: true }).fill(member.password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${stage.url}/test/account/members`)

  for (const evil of [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/test/../\\evil.example',
  ]) {
    await page.goto(`${stage.url}/sign-in?to=${encodeURIComponent(evil)}`)
    await page.getByLabel('Work e-mail').fill(member.email)
    await page.getByLabel('Password', { exact: true }).fill(member.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${stage.url}/test/home`)
  }
})

test('who lost his password chooses a new one by mail', { skip }, async () => {
  const { member } = await stage.signedIn({ accountId: 'acme' })
  const page = await stage.newPage()
  await page.goto(`${stage.url}/reset-password`)
  await assertAccessibleInBothThemes(page, 'reset')
  await page.getByLabel('Work e-mail').fill(member.email)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByText('If this address has an account, a mail with a link is on its way.').first().waitFor()
  const { token } = await waitForMail(stage.world, member.email)
  await page.goto(`${stage.url}/reset-password#token=${token}`)
  await page.getByLabel('New password').fill('aaaaaaaaaaaaaaaa')
  await page.getByRole('button', { name: 'Set the new password' }).click()
  await page
    .getByText(/uses too few different characters/)
    .first()
    .waitFor()
  await page.getByLabel('New password').fill('a new horse battery')
  await page.getByRole('button', { name: 'Set the new password' }).click()
  await page.getByText('The new password is set').waitFor()
})

test('a member sets up a second factor and signs in with it; settings are looked at', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'acme' })
  await page.goto(`${stage.url}/test/account/settings`)
  await assertAccessibleInBothThemes(page, 'settings')
  await page.getByRole('button', { name: 'Set up two-factor sign-in' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Password', { exact: true }).fill('wrong')
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await dialog.getByText('is not right').first().waitFor()
  await dialog.getByLabel('Password', { exact: true }).fill(member.password)
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('img', { name: 'The key as a picture for the app' }).waitFor()
  await assertAccessibleInBothThemes(page, 'settings-second-factor')
  const key = (await page.getByText('Key:').textContent())?.replace('Key:', '').trim() ?? ''
  const recoveryCode =
    (await page.locator('.id').allTextContents()).find((text) => /^\w{5}-\w{5}$/.test(text)) ?? ''
  await page.getByLabel('Code of your app').fill(await codeOf(`otpauth://totp/x?secret=${key}`))
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  await page.getByText('It is on.').waitFor()

  const next = await stage.newPage()
  await next.goto(`${stage.url}/sign-in`)
  await next.getByLabel('Work e-mail').fill(member.email)
  await next.getByLabel('Password', { exact: true }).fill(member.password)
  await next.getByRole('button', { name: 'Sign in' }).click()
  await next.getByRole('heading', { name: 'Second factor' }).waitFor()
  await assertAccessibleInBothThemes(next, 'second-factor')
  await next.getByRole('button', { name: 'Use a recovery code instead' }).click()
  await next.getByLabel('Recovery code').fill(recoveryCode)
  await next.getByRole('button', { name: 'Confirm' }).click()
  await next.waitForURL(`${stage.url}/test/home`)

  await page.getByLabel('Your name').fill('<i>Ada</i>')
  await page.getByRole('button', { name: 'Save the name', exact: true }).click()
  await page.getByRole('button', { name: '<i>Ada</i>' }).waitFor()
  await page.reload()
  await page
    .getByRole('button', { name: /^End the session of Chrome/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.waitForURL(`${stage.url}/sign-in`)
})

test('an owner invites a developer, who joins, is made a viewer, and is removed', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'crew', name: 'Olga' })
  await page.goto(`${stage.url}/test/account/members`)
  await page.getByRole('button', { name: 'Invite a member' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Work e-mail').fill('dev@crew.example')
  await assertAccessible(page, 'invite')
  await dialog.getByRole('button', { name: 'Send the invitation' }).click()
  await page.getByRole('cell', { name: 'dev@crew.example', exact: true }).waitFor()

  const { token } = await waitForMail(stage.world, 'dev@crew.example')
  const other = await stage.newPage()
  await other.goto(`${stage.url}/invitation#token=${token}`)
  await other.getByRole('heading', { name: 'Join crew' }).waitFor()
  await assertAccessibleInBothThemes(other, 'invitation')
  await other.getByLabel('Your name').fill('Dev')
  await other.getByLabel('Password', { exact: true }).fill(password)
  await other.getByRole('button', { name: 'Join' }).click()
  await other.waitForURL(`${stage.url}/test/home`)

  await page.reload()
  await page.getByRole('combobox', { name: 'Role of Dev' }).click()
  await page.getByRole('option', { name: 'Viewer' }).click()
  await page.getByText('Dev is Viewer now.').waitFor({ state: 'attached' })
  await assertAccessibleInBothThemes(page, 'members')
  await other.goto(`${stage.url}/test/account/members`)
  const invite = other.getByRole('button', { name: 'Invite a member' })
  assert.equal(await invite.getAttribute('aria-disabled'), 'true')
  await other
    .getByText('Your role in this account does not allow you to')
    .first()
    .waitFor({ state: 'attached' })
  await page.getByRole('row', { name: /Dev/ }).getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove member' }).click()
  await page.getByRole('row', { name: /Dev/ }).waitFor({ state: 'detached' })
  await other.reload()
  await other.waitForURL(/\/sign-in/)
})

test('the first operator comes in by his link', { skip }, async () => {
  const { db } = stage.world.database
  const token = await makeLink(db, { purpose: 'set_up_operator', nowMs: Date.now(), lifetimeMs: 60_000 })
  const page = await stage.newPage()
  await page.goto(`${stage.url}/set-up#token=${token}`)
  await page.getByRole('heading', { name: 'Set up the first operator' }).waitFor()
  await assertAccessibleInBothThemes(page, 'set-up')
  await page.getByLabel('Work e-mail').fill('root@ops.example')
  await page.getByLabel('Your name').fill('Root')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Become an operator' }).click()
  await page.waitForURL(`${stage.url}/test/account/settings#two-factor`)
  const heading = page.getByRole('heading', { name: 'Two-factor sign-in' })
  await heading.waitFor()
  await page.waitForFunction(() => window.scrollY > 0)
  const box = await heading.boundingBox()
  assert.ok(box && box.y > 0 && box.y < 800, 'what comes next is in sight')
})
