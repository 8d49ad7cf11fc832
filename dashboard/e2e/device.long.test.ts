// A program without a browser asks to be signed in: what its person sees and does.
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

async function ask(): Promise<{ deviceCode: string; userCode: string }> {
  const answer = await fetch(`${stage.url}/account/device-sign-ins`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: stage.url,
      'user-agent': 'latchkey-cli/0.1.0 (linux; laptop)',
    },
    body: JSON.stringify({ clientId: 'latchkey-cli' }),
  })
  assert.equal(answer.status, 201)
  return answer.json()
}

async function stateOf(deviceCode: string): Promise<string> {
  const answer = await fetch(`${stage.url}/account/device-sign-ins/complete`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: stage.url,
      'user-agent': 'latchkey-cli/0.1.0 (linux; laptop)',
    },
    body: JSON.stringify({ deviceCode }),
  })
  return (await answer.json()).state
}

test('who is signed out signs in first and comes back; a code typed in small letters is approved, and shows among the sessions', {
  skip,
}, async () => {
  const { member } = await stage.signedIn({ accountId: 'acme', email: 'ada@acme.example' })
  const page = await stage.newPage()
  const { deviceCode, userCode } = await ask()
  await page.goto(`${stage.url}/device`)
  await page.getByLabel('Work e-mail').fill(member.email)
  await page.getByLabel('Password', { exact: true }).fill(member.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Sign in on a device' }).waitFor()
  assert.equal(new URL(page.url()).pathname, '/device')
  await page.getByText('ada@acme.example').waitFor()

  const code = page.getByLabel('Code that the program shows')
  await code.fill('abc')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('alert').or(page.getByText('Enter the eight letters').first()).first().waitFor()
  await code.fill(userCode.toLowerCase())
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Let this program sign in as you?' }).waitFor()
  for (const shown of [userCode, 'latchkey command line', '127.0.0.1', 'latchkey-cli/0.1.0 (linux; laptop)'])
    await page.getByText(shown, { exact: true }).waitFor()
  await page.getByText('If somebody sent you the code').waitFor()
  await assertAccessibleInBothThemes(page, 'device-question')
  await assertFitsNarrow(page)
  await page.getByRole('button', { name: 'Approve the sign-in' }).click()
  await page.getByRole('heading', { name: 'Approved' }).waitFor()
  await assertAccessibleInBothThemes(page, 'device-approved')
  assert.equal(await stateOf(deviceCode), 'signed_in')

  await page.getByRole('link', { name: 'See where you are signed in' }).click()
  await page.getByText('latchkey, Linux, laptop').waitFor()
})

test('by keyboard alone a code is refused, and the program is told', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'acme' })
  const { deviceCode, userCode } = await ask()
  await page.goto(`${stage.url}/device`)
  await settled(page)
  await assertAccessibleInBothThemes(page, 'device-code')
  await page.getByLabel('Code that the program shows').focus()
  await page.keyboard.type(userCode)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Let this program sign in as you?' }).waitFor()
  await page.getByRole('button', { name: 'Refuse' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Refused' }).waitFor()
  assert.equal(await stateOf(deviceCode), 'access_denied')
  await page.getByRole('link', { name: 'Enter another code' }).click()
  await page.getByLabel('Code that the program shows').waitFor()
})

test('a code that does not work says so, in words', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'acme' })
  stage.expectComplaint(/status of 410/)
  await page.goto(`${stage.url}/device`)
  await page.getByLabel('Code that the program shows').fill('BBBB-BBBB')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('This code does not work').waitFor()
})
