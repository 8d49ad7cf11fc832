import { randomInt } from 'node:crypto'
import { type Environment, environmentPrefix } from '../vocabulary/environment.ts'

const qualities =
  'amber ample bold brave brisk bright calm clear clever crisp deep early eager even fair fast fine firm fresh gentle glad golden grand green happy keen kind late light lively lucky merry mild neat noble open plain polar proud quick quiet rapid ready royal rustic silent silver simple smooth snowy solid steady still strong sunny swift tidy true vivid warm wide wild wise young'.split(
    ' ',
  )
const places =
  'bay beach birch bridge brook canyon cape cedar cliff cloud coast cove creek dale delta dune elm fern field fjord forest garden glacier glade grove harbor haven heath hill island juniper lagoon lake larch maple marsh meadow moor mountain oak ocean orchard pass peak pine plain pond prairie ravine reef ridge river sea shore spring stream summit tarn valley willow wood'.split(
    ' ',
  )

/** A new client id that people can read out: `test-quiet-fjord-482`. Some four million; the store checks. */
export function makeClientId(environment: Environment): string {
  const pick = (words: readonly string[]) => words[randomInt(words.length)]
  return `${environmentPrefix(environment)}-${pick(qualities)}-${pick(places)}-${randomInt(100, 1000)}`
}
