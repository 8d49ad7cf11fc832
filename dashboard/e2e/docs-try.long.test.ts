// The viewer in which calls are tried: it asks nobody but us, and keeps to the policy of its page.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { picture } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

test('calls are tried in the browser: nothing is asked of anybody else, nothing breaks the policy', {
  skip,
  timeout: 180_000,
}, async () => {
  const page = await stage.newPage()
  const foreign: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== stage.url && !/^(data|blob):/.test(request.url()))
      foreign.push(request.url())
  })
  const violations: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) violations.push(message.text())
  })
  await page.goto(`${stage.url}/docs/api/try`)
  await page.getByRole('heading', { name: 'Tokens' }).first().waitFor({ timeout: 60_000 })
  await page.mouse.wheel(0, 4000)
  await page.waitForTimeout(1500)
  assert.deepEqual(foreign, [])
  assert.deepEqual(violations, [])
  const links = await page
    .locator('a[href^="http"]:visible')
    .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
  assert.deepEqual(
    links.filter((href) => !href.startsWith(stage.url)),
    [],
    'no link leads to the vendor',
  )
  await picture(page, 'docs-try')
})
