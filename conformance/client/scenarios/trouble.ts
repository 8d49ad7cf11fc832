// The token endpoint is away for a moment, or slow.
import { byCount, count, describeOutcome, failures, type Scenario } from '../scenario.ts'

export const trouble: readonly Scenario[] = [
  {
    id: 'token-503',
    title: 'Token endpoint: 503, Retry-After: 1, once',
    what: 'The first token request is answered 503 with Retry-After: 1, the next one as usual. What does the call answer?',
    script: {
      tokenAnswer: (number) => (number === 1 ? { status: 503, headers: { 'retry-after': '1' } } : undefined),
    },
    async run({ server, call }) {
      const outcome = await call()
      const requests = server.tokenRequests.length
      const measured = `${describeOutcome(outcome)} after ${(outcome.elapsedMs / 1000).toFixed(1)} s, ${count(requests, 'token request')}`
      const advice =
        'Wait as long as Retry-After says (up to a minute), then try again; without it, with growing random waits.'
      if (outcome.status !== 200)
        return { measured, verdict: 'bad', why: 'A second of trouble reaches the caller.', advice }
      if (requests === 2 && outcome.elapsedMs >= 1000)
        return { measured, verdict: 'best', why: 'It came back when it had been asked to.' }
      return {
        measured,
        verdict: 'acceptable',
        why: 'It tried again, but not when it had been asked to.',
        advice,
      }
    },
  },
  {
    id: 'slow-token',
    title: 'Token takes 3 s, 10 parallel calls',
    what: 'The token endpoint needs 3 seconds. 10 calls start at once: how many token requests arrive, and do all calls succeed?',
    script: { tokenDelayMs: () => 3000 },
    async run({ server, together }) {
      const failed = failures(await together(10))
      if (failed) return { ...failed, advice: 'Give the token request at least 10 s.' }
      const requests = server.tokenRequests.length
      const verdict = byCount(requests, 1, 2)
      const measured = count(requests, 'token request')
      if (verdict === 'best') return { measured, verdict, why: 'All of them waited for the same request.' }
      return {
        measured,
        verdict,
        why: 'A slow server gets more to do, by every call that waits.',
        advice: 'Let everybody wait for the request that is running (single flight).',
      }
    },
  },
  {
    id: 'caller-aborts',
    title: 'Caller aborts after 50 ms, token takes 500 ms',
    what: 'A call is given up after 50 ms while the token endpoint needs 500 ms (three times, the quickest counts). When does the caller notice? And does the next call work?',
    needs: 'abort',
    script: { tokenDelayMs: () => 500 },
    async run({ call }) {
      const aborted = [
        await call({ abortAfterMs: 50 }),
        await call({ abortAfterMs: 50 }),
        await call({ abortAfterMs: 50 }),
      ].filter(({ kind }) => kind === 'error')
      const failed = failures([await call()])
      if (failed)
        return { ...failed, why: 'After an aborted call the next one fails: it shared its cancellation.' }
      const noticedMs = Math.min(...aborted.map(({ elapsedMs }) => elapsedMs))
      const measured = aborted.length === 0 ? 'not noticed' : `noticed after ${Math.round(noticedMs)} ms`
      if (noticedMs < 150) return { measured, verdict: 'best', why: 'The wait ended with the call.' }
      return {
        measured,
        verdict: noticedMs < 400 ? 'acceptable' : 'bad',
        why: 'The caller has to wait for a token that it no longer wants.',
        advice:
          'End the wait of this caller when its signal aborts, and let the shared request go on for the others.',
      }
    },
  },
]
