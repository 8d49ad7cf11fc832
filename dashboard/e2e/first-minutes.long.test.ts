// From the sign-up page to the first 200: how many clicks, fields and choices it takes. The counts are printed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { walkFastPath, walkLiteralPath } from './first-minutes.ts'
import { createHand } from './hand.ts'
import { assertAccessibleInBothThemes, settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

test('the fast path takes at most 6 interactions', { skip }, async (context) => {
  const page = await stage.newPage()
  const hand = createHand(page)
  const onScreen = (name: string) => assertAccessibleInBothThemes(page, name)
  await walkFastPath({ page, hand, url: stage.url, email: 'fast@acme.example', onScreen })
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

for (const [how, options, byKeyboard] of [
  ['with the mouse', {}, false],
  ['by keyboard alone', {}, true],
  ['at 200 % zoom', { zoom: 2 }, false],
] as const)
  test(`the literal path of the documentation takes at most 16 interactions, ${how}`, {
    skip,
  }, async (context) => {
    const page = await stage.newPage(options)
    const hand = createHand(page, { byKeyboard })
    const email = `${how.replaceAll(/\W+/g, '-')}@acme.example`
    await walkLiteralPath({ page, hand, url: stage.url, email, narrow: 'zoom' in options })
    context.diagnostic(`literal path, ${how}: ${hand.count()} interactions`)
    assert.ok(hand.count() <= 16, String(hand.count()))
  })
