// A session that ends, or becomes another's, while a page of it is open: nothing typed is lost, nothing is mixed up.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { TestMember } from '../../server/testing/member.ts'
import { assertAccessibleInBothThemes, settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (skip) return
  stage = await openStage()
  stage.expectComplaint(/status of 40[14]/)
})
after(() => stage?.close())

async function endSessions({ personId }: TestMember): Promise<void> {
  await stage.world.database.db.deleteFrom('person_session').where('person_id', '=', personId).execute()
}

async function signIn(page: Page, { email, password }: TestMember): Promise<void> {
  await page.getByLabel('Work e-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
}

/** What the browser does when a person comes back to a tab. */
async function comeBack(page: Page): Promise<void> {
  await page.bringToFront()
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
}

test('the door is shown, and leads back to where one was', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'first' })
  await page.goto(`${stage.url}/test/account/members`)
  await settled(page)
  await endSessions(member)
  await page.getByRole('link', { name: 'Audit' }).click()
  await page.waitForURL(/\/sign-in\?to=/)
  await signIn(page, member)
  await page.waitForURL(`${stage.url}/test/account/audit`)
})

test('what was typed stays: sign in again in another tab, come back, save', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'first' })
  const { clientId } = await stage.world.makeClient({ accountId: 'first' })
  await page.goto(`${stage.url}/test/account/api-clients/${clientId}/edit`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Typed before it ended')
  await endSessions(member)
  await comeBack(page)
  const notice = page.getByRole('alert').filter({ hasText: 'What you typed is still here' })
  await notice.waitFor()
  await assertAccessibleInBothThemes(page, 'session-over')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('You are signed out, or the session has ended').first().waitFor()
  const [door] = await Promise.all([
    page.context().waitForEvent('page'),
    notice.getByRole('link', { name: 'Sign in again' }).click(),
  ])
  await signIn(door, member)
  await door.waitForURL(/\/test\/home/)
  await door.close()
  await comeBack(page)
  await notice.waitFor({ state: 'detached' })
  assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'Typed before it ended')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page
    .getByText(/^Saved/)
    .first()
    .waitFor()
  const saved = await page.request.get(`${stage.url}/account/test/api-clients/${clientId}`)
  assert.equal((await saved.json()).name, 'Typed before it ended')
})

test('who chose another account in another tab sees that account here, too', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'first' })
  await stage.signedIn({ accountId: 'second' })
  await stage.world.database.db
    .insertInto('member')
    .values({
      ...{ id: stage.world.newId('mem'), account_id: 'second', person_id: member.personId, role: 'owner' },
      created_at: Date.now(),
    })
    .execute()
  await page.goto(`${stage.url}/test/account/members`)
  const banner = page.getByRole('banner')
  await banner.getByText('first', { exact: true }).waitFor()
  const chosen = await page.request.post(`${stage.url}/account/session/account`, {
    headers: { origin: stage.url },
    data: { accountId: 'second' },
  })
  assert.equal(chosen.status(), 200)
  await comeBack(page)
  await banner.getByText('second', { exact: true }).waitFor()
  assert.equal(new URL(page.url()).pathname, '/test/account/members')
})
