// What is looked at on every page: what axe finds, and how it looks.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Waits until what the page asked for has arrived and is shown. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  // A page that follows what happens is never without a request: what it shows is looked at instead.
  await page.waitForFunction(() => document.querySelector('[role=status][aria-label="Loading…"]') === null)
  await page.evaluate(async () => {
    await document.fonts.ready
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    // A colour on its way to another is neither.
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  })
}

/** WCAG 2.2 AA and axe's best practices. @throws {AssertionError} that names each violation. */
export async function assertAccessible(page: Page, name: string): Promise<void> {
  await settled(page)
  // The policy of the page allows no script but ours: the debugger's own door does.
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: axe })
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, help, nodes }) => id + ': ' + help + '\\n    ' +
        nodes.map(({ html, failureSummary }) => html.slice(0, 300) + ' ' + failureSummary).join('\\n    ')))`,
    awaitPromise: true,
    returnByValue: true,
  })
  await session.detach()
  assert.equal(exceptionDetails, undefined, `axe could not look at ${name}`)
  assert.deepEqual(result.value, [], `${name} (${page.url()})`)
}

/** Both themes of the page that is open. */
export async function assertAccessibleInBothThemes(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' })
    await assertAccessible(page, `${name}, ${colorScheme}`)
    await picture(page, `${name}-${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

/** At 320 px nothing but tables and code scrolls sideways (WCAG 2.2, 1.4.10). */
export async function assertFitsNarrow(page: Page): Promise<void> {
  const before = page.viewportSize()
  await page.setViewportSize({ width: 320, height: 800 })
  await settled(page)
  // A chart takes its new width a moment later.
  await page
    .waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth, null, { timeout: 3000 })
    .catch(() => undefined)
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  if (before) await page.setViewportSize(before)
  assert.ok(width <= 320, `${page.url()} is ${width} px wide`)
}

/** Keeps pictures of the page, wide and narrow, when TEST_PICTURES names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.TEST_PICTURES
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  const before = page.viewportSize()
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 })
    await page.evaluate(() => window.scrollTo(0, 0))
    await page.screenshot({
      path: join(folder, `${name}-${width}.png`),
      fullPage: true,
      animations: 'disabled',
    })
  }
  if (before) await page.setViewportSize(before)
}
