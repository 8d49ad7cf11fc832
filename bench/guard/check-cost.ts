// guard.check without HTTP, in microseconds: the first sight of a token and a remembered one.
import { type Spread, spread } from '../measure/spread.ts'
import { makeGuard, makeIssuer, requiredScope } from './issuer.ts'

/** Microseconds for one check. */
export interface CheckCost {
  firstSight: Spread
  remembered: Spread
}

const repeats = 7
const tokenCount = 2000
/** Each token is presented again this often, always as a new text, as from a socket. */
const again = 20

const { publicKey, token } = makeIssuer()
const first: number[] = []
const later: number[] = []
// The first pass warms the code up and does not count.
for (let repeat = 0; repeat <= repeats; repeat += 1) {
  const guard = makeGuard(publicKey)
  const headers = Array.from({ length: tokenCount }, () => Buffer.from(`Bearer ${token()}`))
  const check = async () => {
    // A text made anew for every check: one that was looked up before would carry its hash along.
    const texts = headers.map((header) => header.toString('latin1'))
    const begin = performance.now()
    for (const text of texts) await guard.check(text, requiredScope)
    return ((performance.now() - begin) * 1000) / tokenCount
  }
  const firstCost = await check()
  const laterCosts: number[] = []
  for (let pass = 0; pass < again; pass += 1) laterCosts.push(await check())
  if (repeat === 0) continue
  first.push(firstCost)
  later.push(spread(laterCosts).median)
}
const cost: CheckCost = { firstSight: spread(first), remembered: spread(later) }
process.stdout.write(JSON.stringify(cost))
