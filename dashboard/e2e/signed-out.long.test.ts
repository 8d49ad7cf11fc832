// What a stranger sees: the front page, the documentation and the errors work without script.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessible, picture } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

const pages = [
  ['front', '/'],
  ['docs', '/docs'],
  ['docs-connect', '/docs/connect'],
  ['docs-scopes', '/docs/scopes'],
  ['docs-errors', '/docs/errors'],
  ['docs-error', '/docs/errors/invalid_scope'],
  ['docs-api', '/docs/api/signature'],
] as const

test('every page for strangers is readable without script, in both themes, and has no faults', {
  skip,
  timeout: 180_000,
}, async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await stage.newPage({ colorScheme })
    for (const [name, path] of pages) {
      await page.goto(stage.url + path)
      assert.equal(await page.locator('script').count(), 0, path)
      await assertAccessible(page, `${name}, ${colorScheme}`)
      await picture(page, `${name}-${colorScheme}`)
    }
  }
})

test('no page for strangers scrolls sideways on a narrow screen', { skip }, async () => {
  const page = await stage.newPage({ width: 320, height: 640 })
  for (const [, path] of pages) {
    await page.goto(stage.url + path)
    const { scrollWidth, clientWidth } = await page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth,
      clientWidth: document.documentElement.clientWidth,
    }))
    assert.ok(scrollWidth <= clientWidth, `${path}: ${scrollWidth} > ${clientWidth}`)
  }
})

test('the front page leads to a free test account', { skip }, async () => {
  const page = await stage.newPage()
  await page.goto(stage.url)
  await page.getByRole('main').getByRole('link', { name: 'Create a free test account' }).click()
  await page.waitForURL(`${stage.url}/sign-up`)
})
