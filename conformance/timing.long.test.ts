// Statement 31: what a refusal takes tells nothing about which clients there are.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { requirement } from './requirement.ts'
import { type Credentials, need, type Target } from './target.ts'
import { basic, postToken } from './token-request.ts'

const pairs = Number(process.env.CONFORMANCE_TIMING_PAIRS ?? 20_000)
/** Pairs that run beside each other: a refusal is mostly waiting. */
const lanes = 8

// RFC 6749 §10.10 with RFC 9700 in mind: guessing must not be helped; the threshold is our choice.
requirement(
  31,
  'times of an unknown id and of a wrong secret are not separable: |t| < 4.5',
  async (target) => {
    const { advanceClock } = target
    // A new minute before any limit is reached (statements 40, 41); where the clock is not ours, limits may show.
    await compareRefusals(target, advanceClock ? [401] : [401, 429], (pair) => {
      if (pair % lanes === 0) advanceClock?.(60_000)
    })
  },
)
requirement(31, 'neither are they beyond the limits', async (target) => {
  const unknown = () => ({ clientId: sameShape(target.client.clientId), clientSecret: 'wrong' })
  // Beyond the limit of the address. A minute that ends meanwhile would begin anew: this server's clock stands still.
  need(target.advanceClock, 'clock that the checks move')
  for (let count = 0; count < 150; count += 1) await postToken(target, { authorization: basic(unknown()) })
  await compareRefusals(target, [429], () => undefined)
})

/** Times refusals of unknown ids and of wrong secrets, interleaved. */
async function compareRefusals(
  target: Target,
  statuses: readonly number[],
  beforePair: (pair: number) => void,
): Promise<void> {
  const { clientId, clientSecret } = target.client
  const wrongSecret = { clientId, clientSecret: `${clientSecret.slice(0, -1)}!` }
  const unknown: number[] = []
  const wrong: number[] = []
  await postToken(target, { authorization: basic(wrongSecret) })
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let pair = lane; pair < pairs; pair += lanes) {
        beforePair(pair)
        // A new id each time, as somebody who looks for clients sends them; the order changes with each pair.
        const unknownId = { clientId: sameShape(clientId), clientSecret: wrongSecret.clientSecret }
        if (pair % 2 === 0) unknown.push(await timeRefusal(target, unknownId, statuses))
        wrong.push(await timeRefusal(target, wrongSecret, statuses))
        if (pair % 2 !== 0) unknown.push(await timeRefusal(target, unknownId, statuses))
      }
    }),
  )
  // The verdict is over all. Without the slowest tenth it is printed only: refusals leave on a grid, and a cut
  // through one of its steps compares unequal parts.
  const limit = quantile([...unknown, ...wrong], 0.9)
  for (const [what, left, right] of [
    ['all', unknown, wrong],
    ['the faster nine tenths', unknown.filter((ms) => ms < limit), wrong.filter((ms) => ms < limit)],
  ] as const) {
    const t = welch(left, right)
    const report = `t = ${t.toFixed(2)} over ${what}: unknown id ${describe(left)}, wrong secret ${describe(right)}`
    process.stdout.write(`# 31, ${statuses}: ${report}\n`)
    if (what === 'all') assert.ok(Math.abs(t) < 4.5, report)
  }
}

async function timeRefusal(
  target: Target,
  client: Credentials,
  expected: readonly number[],
): Promise<number> {
  const startedAt = performance.now()
  const { status } = await postToken(target, { authorization: basic(client) })
  const ms = performance.now() - startedAt
  assert.ok(expected.includes(status), `${status}`)
  return ms
}

/** Another id of the same length, made of the same kinds of characters. */
function sameShape(clientId: string): string {
  return clientId.replace(/[a-z]/g, () => String.fromCharCode(97 + randomInt(26)))
}

/** Welch's t of two samples of unequal variance. */
function welch(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [moments(left), moments(right)]
  return (a.mean - b.mean) / Math.sqrt(a.variance / left.length + b.variance / right.length)
}

function quantile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.POSITIVE_INFINITY
}

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, variance: squares / (values.length - 1) }
}

function describe(values: readonly number[]): string {
  const { mean, variance } = moments(values)
  return `${mean.toFixed(3)} ms (sd ${Math.sqrt(variance).toFixed(3)})`
}
