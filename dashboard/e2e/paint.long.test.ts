// How soon there is something to see, on this machine, with nothing else running: the median of five first looks.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

const rounds = 5
const paintBudgetMs = 1500

/** When the largest thing of the page was painted, as the browser says. */
async function largestPaintMs(page: Page, url: string): Promise<number> {
  await page.goto(url)
  await settled(page)
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        })
      }),
  )
}

for (const [name, path, isSignedIn] of [
  ['the sign-up page', '/sign-up', false],
  ['Home', '/test/home', true],
] as const)
  test(`the largest paint of ${name} comes within 1.5 s`, { skip }, async (context) => {
    const paints: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const page = isSignedIn ? (await stage.signedIn()).page : await stage.newPage()
      paints.push(await largestPaintMs(page, stage.url + path))
    }
    const median = paints.toSorted((one, other) => one - other)[Math.floor(rounds / 2)] ?? 0
    context.diagnostic(`${name}: largest paint after ${Math.round(median)} ms`)
    assert.ok(median > 0 && median <= paintBudgetMs, paints.map(Math.round).join(' '))
  })
