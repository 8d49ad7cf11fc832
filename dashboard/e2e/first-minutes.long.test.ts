// From the sign-up page to the first 200: how many clicks, fields and choices it takes. The counts are printed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createHand } from './hand.ts'
import { assertAccessibleInBothThemes, settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

const password = 'correct horse battery'

test('the fast path takes at most 6 interactions', { skip }, async (context) => {
  const page = await stage.newPage()
  await page.goto(`${stage.url}/sign-up`)
  const hand = createHand(page)
  await hand.fill('Work e-mail', 'fast@acme.example')
  await hand.fill('Password', password)
  await hand.fill('Company', 'Acme')
  await hand.press('Create a free test account')
  await page.waitForURL(`${stage.url}/test/home`)
  await assertAccessibleInBothThemes(page, 'home-empty')
  await hand.press('Create my first client')
  await hand.press('Run it now')
  await page.getByText('GET /signature/documents answered 200').first().waitFor()
  context.diagnostic(`fast path: ${hand.count()} interactions from the sign-up page to the first 200`)
  assert.ok(hand.count() <= 6, String(hand.count()))

  await page.getByRole('button', { name: 'Copy secret' }).click()
  await page.getByRole('button', { name: 'I have stored it' }).click()
  await page.getByText(/First call succeeded after \d+ s/).waitFor()
  await settled(page)
  await assertAccessibleInBothThemes(page, 'home')
  await page.getByRole('link', { name: 'See it in the logs' }).click()
  await page
    .getByRole('dialog', { name: 'What happened to this request' })
    .getByText(/was answered 200/)
    .waitFor()
  await assertAccessibleInBothThemes(page, 'log-entry')
})

for (const [how, options] of [
  ['with the mouse', {}],
  ['by keyboard alone', {}],
  ['at 200 % zoom', { zoom: 2 }],
] as const)
  test(`the literal path of the documentation takes at most 16 interactions, ${how}`, {
    skip,
  }, async (context) => {
    const page = await stage.newPage(options)
    await page.goto(`${stage.url}/sign-up`)
    const hand = createHand(page, how === 'by keyboard alone')
    await hand.fill('Work e-mail', `literal-${options.zoom ?? how.length}@acme.example`)
    await hand.fill('Password', password)
    await hand.fill('Company', 'Acme')
    await hand.press('Create a free test account')
    await page.waitForURL(`${stage.url}/test/home`)
    // At this size the pages stand behind a button; the first page has a way of its own.
    await hand.follow('zoom' in options ? 'Do it step by step' : 'API Clients')
    await hand.follow('New client')
    await hand.choose('OAuth')
    await hand.fill('Name', 'Billing')
    await hand.press('Create')
    await page.getByRole('dialog').waitFor()
    await hand.press('Copy secret')
    await hand.press('I have stored it')
    await hand.follow('Edit')
    await hand.press('Show advanced settings')
    await hand.tick('document_read')
    await hand.press('Save')
    await hand.press('Send test call')
    await page.getByText('GET /signature/documents answered 200').first().waitFor()
    context.diagnostic(`literal path, ${how}: ${hand.count()} interactions`)
    assert.ok(hand.count() <= 16, String(hand.count()))
  })
