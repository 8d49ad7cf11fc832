// Members of an account: two owners at once, the last owner, invitations that are withdrawn, sent again and replayed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { readMails, waitForMail } from '../../server/testing/mailbox.ts'
import { assertAccessible, assertAccessibleInBothThemes, assertFitsNarrow, settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (skip) return
  stage = await openStage()
  // What is refused on purpose, what is asked for without a connection, and a session that ends.
  stage.expectComplaint(/account\/(members|invitations|leave)/)
  stage.expectComplaint(/status of 401/)
})
after(() => stage?.close())

function waitForRole(page: Page, name: string, role: string): Promise<unknown> {
  return page.waitForFunction(
    ([label, value]) =>
      document.querySelector<HTMLInputElement>(`input[aria-label^="${label}"]`)?.value === value,
    [`Role of ${name}`, role],
  )
}

test('of two owners who change a role at once, the second sees what the first did', { skip }, async () => {
  const first = await stage.signedIn({ accountId: 'two', name: 'First' })
  const second = await stage.signedIn({ accountId: 'two', name: 'Second' })
  await stage.signedIn({ accountId: 'two', name: 'Mia <img src=x>', role: 'viewer' })
  const roleOf = (page: typeof first.page) => page.getByRole('combobox', { name: 'Role of Mia <img src=x>' })
  for (const { page } of [first, second]) {
    await page.goto(`${stage.url}/test/account/members`)
    await roleOf(page).waitFor()
  }
  await roleOf(first.page).click()
  await first.page.getByRole('option', { name: 'Owner' }).click()
  await first.page.getByText('Mia <img src=x> is Owner now.').waitFor({ state: 'attached' })
  await roleOf(second.page).click()
  await second.page.getByRole('option', { name: 'Developer' }).click()
  await second.page.getByText('Somebody else changed this member meanwhile').waitFor()
  await waitForRole(second.page, 'Mia', 'Owner')
  await first.page.getByRole('button', { name: 'Remove Mia <img src=x>' }).click()
  const dialog = first.page.getByRole('dialog', { name: 'Remove Mia <img src=x>?' })
  await dialog.waitFor()
  await assertAccessibleInBothThemes(first.page, 'members-remove')
  await dialog.getByRole('button', { name: 'Remove member' }).click()
  await first.page.getByText('Mia <img src=x> is removed.').waitFor({ state: 'attached' })
  assert.equal(await first.page.evaluate(() => document.activeElement?.textContent), 'Members')
  // Gone meanwhile: the other page says so, and its list is fresh.
  await second.page.getByRole('button', { name: 'Remove Mia <img src=x>' }).click()
  await second.page.getByRole('dialog').getByRole('button', { name: 'Remove member' }).click()
  await second.page.getByRole('dialog').getByRole('alert').waitFor()
})

test('the last owner can neither leave nor make himself less', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'alone', name: 'Olga' })
  await page.goto(`${stage.url}/test/account/members`)
  await page.getByRole('button', { name: 'Leave alone' }).click()
  const dialog = page.getByRole('dialog', { name: 'Leave alone?' })
  await dialog.getByRole('button', { name: 'Leave the account' }).click()
  await dialog.getByText('This is the last owner of the account').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('combobox', { name: 'Role of Olga' }).click()
  await page.getByRole('option', { name: 'Viewer' }).click()
  await page.getByText('This is the last owner of the account').waitFor()
  await waitForRole(page, 'Olga', 'Owner')
})

test('a developer leaves by himself and is out', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'alone', role: 'developer' })
  await page.goto(`${stage.url}/test/account/members`)
  await page.getByText('Olga', { exact: true }).waitFor()
  assert.equal(await page.getByRole('combobox').count(), 0, 'roles are text for him')
  assert.equal(await page.getByRole('button', { name: /^Remove/ }).count(), 0)
  await assertAccessibleInBothThemes(page, 'members-developer')
  await page.getByRole('button', { name: 'Leave alone' }).click()
  await page.getByRole('button', { name: 'Leave the account' }).click()
  await page.waitForURL(`${stage.url}/sign-in`)
})

test('an invitation keeps what was typed without a connection, is sent again and withdrawn', {
  skip,
}, async () => {
  const { page } = await stage.signedIn({ accountId: 'invites' })
  await page.goto(`${stage.url}/test/account/members`)
  await page.getByText('mails lie in the folder data/mail').waitFor()
  await page.getByRole('button', { name: 'Invite a member' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Work e-mail').fill('not an address')
  await dialog.getByRole('button', { name: 'Send the invitation' }).click()
  await dialog.getByText('Enter a whole e-mail address').first().waitFor()
  await assertAccessibleInBothThemes(page, 'members-invite')
  await dialog.getByLabel('Work e-mail').fill('new@invites.example')
  await dialog.getByRole('radio', { name: 'Viewer' }).check()
  await page.context().setOffline(true)
  await dialog.getByRole('button', { name: 'Send the invitation' }).click()
  await dialog.getByText('nothing that you typed is lost').waitFor()
  assert.equal(await dialog.getByLabel('Work e-mail').inputValue(), 'new@invites.example')
  await page.context().setOffline(false)
  await dialog.getByRole('button', { name: 'Send the invitation' }).dblclick()
  await dialog.waitFor({ state: 'detached' })
  const row = page.getByRole('row', { name: /new@invites\.example/ })
  await row.getByText('Viewer').waitFor()
  const old = await waitForMail(stage.world, 'new@invites.example')
  assert.equal(readMails(stage.world, 'new@invites.example').length, 1, 'pressed twice is sent once')

  await row.getByRole('button', { name: /^Send again/ }).click()
  const fresh = await waitForMail(stage.world, 'new@invites.example', 2)
  assert.notEqual(fresh.token, old.token)
  const stranger = await stage.newPage()
  await stranger.goto(`${stage.url}/invitation#token=${old.token}`)
  await stranger.getByRole('heading', { name: 'This link does not work' }).waitFor()
  await stranger.goto(`${stage.url}/invitation#token=${fresh.token}`)
  await stranger.getByRole('heading', { name: 'Join invites' }).waitFor()
  await stranger.getByLabel('Your name').fill('New')
  await stranger.getByLabel('Password', { exact: true }).fill('correct horse battery')

  await row.getByRole('button', { name: /^Withdraw/ }).click()
  await page.getByText('The invitation to new@invites.example is withdrawn.').waitFor({ state: 'attached' })
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Members')
  await page.getByText('No invitation is open.').waitFor()
  await stranger.getByRole('button', { name: 'Join' }).click()
  await stranger.getByRole('alert').waitFor()
  await assertAccessible(stranger, 'an invitation that was withdrawn meanwhile')
})

test('who has an account already joins with its password, or at once when he is signed in', {
  skip,
}, async () => {
  const owner = await stage.signedIn({ accountId: 'host' })
  const guest = await stage.signedIn({ accountId: 'home', email: 'guest@home.example' })
  const known = await stage.signedIn({ accountId: 'home', email: 'known@home.example' })
  for (const email of ['guest@home.example', 'known@home.example'])
    await owner.member.call('POST', '/account/invitations', { email, role: 'developer' })

  const { token } = await waitForMail(stage.world, 'guest@home.example')
  await guest.page.goto(`${stage.url}/invitation#token=${token}`)
  await guest.page.getByText('You are signed in with this address already.').waitFor()
  await assertAccessibleInBothThemes(guest.page, 'invitation-signed-in')
  await assertFitsNarrow(guest.page)
  assert.equal(await guest.page.getByLabel('Password', { exact: true }).count(), 0)
  await guest.page.getByRole('button', { name: 'Join' }).click()
  await guest.page.waitForURL(`${stage.url}/test/home`)
  await guest.page.getByRole('banner').getByText('host', { exact: true }).waitFor()
  await guest.page.goto(`${stage.url}/invitation#token=${token}`)
  await guest.page.getByRole('heading', { name: 'This link does not work' }).waitFor()

  const page = await stage.newPage()
  const mail = await waitForMail(stage.world, 'known@home.example')
  await page.goto(`${stage.url}/invitation#token=${mail.token}`)
  await page.getByText('This address has an account already').waitFor()
  await page.getByLabel('Password', { exact: true }).fill('wrong horse battery')
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByText('give its password to join').waitFor()
  await page.getByLabel('Password', { exact: true }).fill(known.member.password)
  await page.getByRole('button', { name: 'Join' }).click()
  await page.waitForURL(`${stage.url}/test/home`)
  await settled(page)
  await page.getByRole('banner').getByText('host', { exact: true }).waitFor()
})
