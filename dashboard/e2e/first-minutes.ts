// The ways from the sign-up page to the first 200, as a person goes them. The test and `npm run
// first-five-minutes` go the same ones.
import type { Page } from 'playwright-core'
import type { Hand } from './hand.ts'

export interface Walk {
  page: Page
  hand: Hand
  /** Of the dashboard, without a trailing slash. */
  url: string
  email: string
  /** The pages stand behind a button, as at 200 % zoom. */
  narrow?: boolean
  /** Called on each screen, before anything is done there. */
  onScreen?: (name: string) => Promise<void>
}

const password = 'correct horse battery'

async function signUp({ page, hand, url, email, onScreen }: Walk): Promise<void> {
  await page.goto(`${url}/sign-up`)
  await onScreen?.('sign-up')
  await hand.fill('Work e-mail', email)
  await hand.fill('Password', password)
  await hand.fill('Company', 'Acme')
  await hand.press('Create a free test account')
  await page.waitForURL(`${url}/test/home`)
  await onScreen?.('home-empty')
}

/** Sign up, make a client, run its first call. Ends with the secret on the screen. */
export async function walkFastPath(walk: Walk): Promise<void> {
  const { page, hand } = walk
  await signUp(walk)
  await hand.press('Create my first client')
  await hand.press('Run it now')
  await page.getByText('GET /signature/documents answered 200').first().waitFor()
}

/** The path of the documentation, label by label, from the sign-up page to the first 200. */
export async function walkLiteralPath(walk: Walk): Promise<void> {
  const { page, hand, narrow = false, onScreen } = walk
  await signUp(walk)
  // At this size the pages stand behind a button; the first page has a way of its own.
  await hand.follow(narrow ? 'Do it step by step' : 'API Clients')
  await page.getByRole('link', { name: 'New client', exact: true }).first().waitFor()
  await onScreen?.('clients')
  await hand.follow('New client')
  await page.getByRole('radio', { name: 'OAuth' }).waitFor()
  await onScreen?.('client-new')
  await hand.choose('OAuth')
  await hand.fill('Name', 'Billing')
  await hand.press('Create')
  await page.getByRole('dialog').waitFor()
  await onScreen?.('secret')
  await hand.press('Copy secret')
  await hand.press('I have stored it')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await onScreen?.('client')
  await hand.follow('Edit')
  await page.getByRole('button', { name: 'Show advanced settings' }).waitFor()
  await onScreen?.('client-edit')
  await hand.press('Show advanced settings')
  await page.getByRole('checkbox', { name: 'document_read' }).waitFor()
  await onScreen?.('client-edit-advanced')
  await hand.tick('document_read')
  await hand.press('Save')
  await page.getByRole('button', { name: 'Send test call' }).waitFor()
  await onScreen?.('client-saved')
  await hand.press('Send test call')
  await page.getByText('GET /signature/documents answered 200').first().waitFor()
  await onScreen?.('first-200')
}
