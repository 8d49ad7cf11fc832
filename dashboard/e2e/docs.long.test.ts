// The documentation in a browser: every page without a fault that axe knows, in both themes, wide and narrow; examples
// and scopes as a member reads them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessible, assertFitsNarrow, picture } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

async function pagePaths(): Promise<string[]> {
  const index = await (await fetch(`${stage.url}/llms.txt`)).text()
  return [...index.matchAll(/\]\((\S+)\.md\)/g)].map(([, url = '']) => new URL(url).pathname)
}

for (const colorScheme of ['light', 'dark'] as const)
  test(`every page of the documentation has no faults and fits 320 px, ${colorScheme}`, {
    skip,
    timeout: 600_000,
  }, async () => {
    const page = await stage.newPage({ colorScheme })
    for (const path of await pagePaths()) {
      await page.goto(stage.url + path)
      await assertAccessible(page, `${path}, ${colorScheme}`)
      await assertFitsNarrow(page)
      await picture(page, `${path.slice(1).replaceAll('/', '-')}-${colorScheme}`)
    }
  })

test('an example is read in another language by keyboard, without script', { skip }, async () => {
  const page = await stage.newPage()
  await page.goto(`${stage.url}/docs/connect`)
  const tabs = page.getByRole('group', { name: 'Example in' }).first()
  await tabs.getByRole('radio', { name: 'curl' }).focus()
  assert.ok(await tabs.getByText('curl -u').isVisible())
  for (const [name, text] of [
    ['Node SDK', 'createClient'],
    ['HTTP', 'POST /oauth/connect/token'],
    ['Python', 'urllib.request'],
  ] as const) {
    await page.keyboard.press('ArrowRight')
    assert.ok(await tabs.getByRole('radio', { name }).isChecked(), name)
    assert.ok(await tabs.getByText(text).first().isVisible(), name)
  }
})

test('a member finds the scope that his client lacks, and lands on its box', { skip }, async () => {
  const { page } = await stage.signedIn()
  const { clientId } = await stage.world.makeClient({ scopes: ['document_read'] })
  await page.goto(`${stage.url}/docs/scopes`)
  await page.getByRole('searchbox', { name: 'Filter' }).fill('post /signature')
  await page.getByRole('button', { name: 'Show' }).click()
  assert.ok(await page.getByText('POST /signature/documents').first().isVisible())
  await assertAccessible(page, 'scopes of a member')
  await picture(page, 'docs-scopes-mine')
  await page.getByRole('link', { name: 'Add document_write' }).first().click()
  await page.getByRole('checkbox', { name: 'document_write' }).waitFor()
  assert.ok(page.url().includes(clientId))
})
