// P2, P3, P4 and P6: what a person does in a browser, walked by the parts that the browser tests use.
import { walkFastPath, walkLiteralPath } from '../../dashboard/e2e/first-minutes.ts'
import { createHand } from '../../dashboard/e2e/hand.ts'
import { assertAccessibleInBothThemes } from '../../dashboard/e2e/look.ts'
import { repairRefusal } from '../../dashboard/e2e/repair.ts'
import { noBrowser, openStage, type Stage } from '../../dashboard/e2e/stage.ts'
import { atMost, CannotMeasure, type Path, rounded } from './measure.ts'

const goals = { fast: 6, literal: 16, literalSeconds: 30, repair: 4 }
/** How long a person takes to find each next thing. */
const paceMs = 400

export const fastPath: Path = {
  id: 'P2',
  name: 'dashboard, the fast path: sign-up to the first 200',
  goal: `≤ ${goals.fast} interactions`,
  measure: () =>
    onStage(async (stage) => {
      const page = await stage.newPage()
      const hand = createHand(page)
      await walkFastPath({ page, hand, url: stage.url, email: 'fast@acme.example' })
      const interactions = hand.count()
      return {
        measured: `${interactions} interactions`,
        missed: atMost('Interactions', interactions, goals.fast),
      }
    }),
}

export const literalPath: Path = {
  id: 'P3',
  name: 'dashboard, the path of the documentation, label by label',
  goal: `≤ ${goals.literal} interactions, ≤ ${goals.literalSeconds} s at ${paceMs} ms a step, each label found by name`,
  measure: () =>
    onStage(async (stage) => {
      const page = await stage.newPage()
      const hand = createHand(page, { paceMs })
      const startedMs = performance.now()
      await walkLiteralPath({ page, hand, url: stage.url, email: 'literal@acme.example' })
      const walkedSeconds = (performance.now() - startedMs) / 1000
      const interactions = hand.count()
      return {
        measured: `${interactions} interactions, ${rounded(walkedSeconds)} s, all labels found`,
        missed: [
          ...atMost('Interactions', interactions, goals.literal),
          ...atMost('Time', walkedSeconds, goals.literalSeconds, ' s'),
        ],
      }
    }),
}

export const keyboardPath: Path = {
  id: 'P4',
  name: 'the same by keyboard alone, and again at 200 % zoom',
  goal: `≤ ${goals.literal} interactions each, 0 violations found by axe on every screen`,
  measure: () =>
    onStage(async (stage) => {
      const counts: number[] = []
      let screens = 0
      for (const zoom of [1, 2]) {
        const page = await stage.newPage({ zoom })
        const hand = createHand(page, { byKeyboard: true })
        await walkLiteralPath({
          page,
          hand,
          url: stage.url,
          email: `keyboard-${zoom}@acme.example`,
          narrow: zoom > 1,
          async onScreen(name) {
            await assertAccessibleInBothThemes(page, `keyboard-${zoom}-${name}`)
            screens += 1
          },
        })
        counts.push(hand.count())
      }
      return {
        measured: `${counts.join(' and ')} interactions, 0 violations on ${screens} screens in both themes`,
        missed: counts.flatMap((count) => atMost('Interactions', count, goals.literal)),
      }
    }),
}

export const repair: Path = {
  id: 'P6',
  name: 'from a 403 to the same call answered 200',
  goal: `≤ ${goals.repair} interactions`,
  measure: () =>
    onStage(async (stage) => {
      const interactions = await repairRefusal(stage)
      return {
        measured: `${interactions} interactions`,
        missed: atMost('Interactions', interactions, goals.repair),
      }
    }),
}

/** A server and a browser of its own for each path: none profits from the one before. */
async function onStage<Result>(walk: (stage: Stage) => Promise<Result>): Promise<Result> {
  if (noBrowser) throw new CannotMeasure(noBrowser)
  const stage = await openStage()
  try {
    return await walk(stage)
  } finally {
    await stage.close()
  }
}
