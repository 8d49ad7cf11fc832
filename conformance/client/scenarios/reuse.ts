// One token for many calls.
import { byCount, count, type Finding, failures, type Scenario, type Stage } from '../scenario.ts'

const perCall = 'The token is valid for longer than one call; each further request costs time and quota.'
const keepIt = 'Keep the token and its expiry, and use it until shortly before it expires.'

function finding({ server }: Stage, best: string, advice: string): Finding {
  const requests = server.tokenRequests.length
  const verdict = byCount(requests, 1, 2)
  const measured = count(requests, 'token request')
  return verdict === 'best' ? { measured, verdict, why: best } : { measured, verdict, why: perCall, advice }
}

export const reuse: readonly Scenario[] = [
  {
    id: 'parallel-cold',
    title: '100 parallel cold calls',
    what: '100 calls start at once in a program that has no token yet. How many token requests arrive?',
    async run(stage) {
      const outcomes = await stage.together(100)
      return (
        failures(outcomes) ??
        finding(
          stage,
          'All of them waited for the same request.',
          'Keep the promise of the running token request, and let everybody wait for it (single flight).',
        )
      )
    },
  },
  {
    id: 'in-a-row',
    title: '20 calls in a row',
    what: '20 calls, each after the answer to the last. How many token requests arrive?',
    async run(stage) {
      const outcomes = await stage.oneByOne(20)
      return failures(outcomes) ?? finding(stage, 'The first token served all of them.', keepIt)
    },
  },
  {
    id: 'minute-token',
    title: '20 calls over 2 s, token of 60 s',
    what: '20 calls, one each 100 ms, with a token of 60 seconds. A margin of a minute would use each token once.',
    script: { lifetimeSeconds: 60 },
    async run(stage) {
      const outcomes = await stage.oneByOne(20, 100)
      return (
        failures(outcomes) ??
        finding(
          stage,
          'The margin before the expiry is smaller than the life of the token.',
          'Make the margin a share of the life, for example a tenth, and 30 s at most.',
        )
      )
    },
  },
]
