// How soon there is something to see in the dashboard: the largest paint of a first look, as the browser says it.
import type { Page } from 'playwright-core'
import { settled } from '../../dashboard/e2e/look.ts'
import { noBrowser, openStage, type Stage } from '../../dashboard/e2e/stage.ts'
import { describeMachine } from '../measure/machine.ts'
import { type Spread, spread } from '../measure/spread.ts'
import type { Options } from '../options.ts'
import { withSpread } from '../report/figures.ts'
import type { Measured } from '../report/keep-result.ts'
import { table } from '../report/table.ts'

const goalMs = 1500

const looks = [
  { name: 'sign-up page', path: '/sign-up', isSignedIn: false },
  { name: 'Home of a member', path: '/test/home', isSignedIn: true },
] as const

export async function benchDashboard({ rounds }: Options): Promise<Measured> {
  if (noBrowser) throw new Error(`This needs a browser: ${noBrowser}.`)
  const stage = await openStage()
  try {
    const paints: Record<string, number[]> = {}
    // Alternating, so that a slow minute hits both.
    for (let round = 0; round < rounds; round += 1)
      for (const { name, path, isSignedIn } of looks) {
        const ms = await firstLookMs(stage, path, isSignedIn)
        paints[name] = [...(paints[name] ?? []), ms]
      }
    return report(paints, rounds)
  } finally {
    await stage.close()
  }
}

/** In a browser that has seen nothing of us before. */
async function firstLookMs(stage: Stage, path: string, isSignedIn: boolean): Promise<number> {
  const page = isSignedIn ? (await stage.signedIn()).page : await stage.newPage()
  await page.goto(stage.url + path)
  await settled(page)
  const ms = await largestPaintMs(page)
  await page.context().close()
  return ms
}

function largestPaintMs(page: Page): Promise<number> {
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

function report(paints: Record<string, number[]>, rounds: number): Measured {
  const verdict = ({ median }: Spread) => (median <= goalMs ? 'reached' : 'MISSED')
  const rows = Object.entries(paints).map(([name, values]) => {
    const of = spread(values)
    return [name, `${withSpread(of)} ms`, `<= ${goalMs} ms: ${verdict(of)}`]
  })
  const { cpu, cores, kernel, node } = describeMachine()
  const lines = [
    ...table(['first look at', 'largest paint', 'goal'], rows),
    '',
    `- Median (min–max) of ${rounds} browsers that had seen nothing of it before; server, browser and this program on the same machine.`,
    `- ${cpu}, ${cores} cores, ${kernel}, Node ${node}.`,
  ]
  return { lines, result: { paints } }
}
