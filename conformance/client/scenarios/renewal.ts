// Tokens that end, and clocks that disagree.
import { byCount, count, failures, type Scenario } from '../scenario.ts'
import type { ScriptedServer } from '../scripted-server.ts'

const expiresIn = 'Count expires_in from the moment of the request; never read the token itself.'

function refusedCalls(server: ScriptedServer): number {
  return server.calls.filter(({ token }) => token !== 'valid').length
}

export const renewal: readonly Scenario[] = [
  {
    id: 'short-token',
    title: 'Token of 5 s, calls for 7 s',
    what: 'A call each 250 ms for 7 seconds with tokens of 5 seconds. Does any arrive with an expired token?',
    script: { lifetimeSeconds: 5 },
    async run({ server, oneByOne }) {
      const failed = failures(await oneByOne(28, 250))
      if (failed) return { ...failed, advice: 'Renew the token before it expires, not after.' }
      const [refused, requests] = [refusedCalls(server), server.tokenRequests.length]
      const measured = `${count(refused, 'refused call')}, ${count(requests, 'token request')}`
      if (refused === 0 && requests <= 2)
        return { measured, verdict: 'best', why: 'It was renewed once, in time.' }
      if (requests > 4)
        return {
          measured,
          verdict: 'bad',
          why: 'The margin before the expiry is larger than the life of the token, so it is hardly used.',
          advice: 'Make the margin a share of the life, for example a tenth.',
        }
      return {
        measured,
        verdict: 'acceptable',
        why: refused > 0 ? 'Calls were refused and repeated.' : 'It was renewed more often than needed.',
        advice: 'Renew once, when 70 to 90 % of the life have passed.',
      }
    },
  },
  {
    id: 'renewal-wait',
    title: 'Longest call while a token is renewed',
    what: 'Tokens of 5 seconds; the first comes at once, the renewal takes 400 ms. A call each 100 ms for 5.5 seconds: the longest?',
    script: { lifetimeSeconds: 5, tokenDelayMs: (number) => (number === 1 ? 50 : 400) },
    async run({ oneByOne, together }) {
      const first = await together(1)
      const outcomes = await oneByOne(55, 100)
      const failed = failures([...first, ...outcomes])
      if (failed) return { ...failed, advice: 'Renew the token before it expires, not after.' }
      const longestMs = Math.max(...outcomes.map(({ elapsedMs }) => elapsedMs))
      const measured = `${Math.round(longestMs)} ms`
      if (longestMs < 300)
        return { measured, verdict: 'best', why: 'The old token served until the new one had come.' }
      return {
        measured,
        verdict: 'acceptable',
        why: 'Calls waited for the renewal although the old token was still good.',
        advice: 'Start the renewal in the background while the old token has a part of its life left.',
      }
    },
  },
  {
    id: 'clock-behind',
    title: "Token's exp an hour in the past, 10 calls",
    what: 'The clocks differ: exp in the token is an hour ago, expires_in is right. How many token requests for 10 calls?',
    script: { clockShiftSeconds: -7200 },
    async run({ server, oneByOne }) {
      const failed = failures(await oneByOne(10))
      if (failed) return { ...failed, advice: expiresIn }
      const requests = server.tokenRequests.length
      const verdict = byCount(requests, 1, 1)
      const measured = count(requests, 'token request')
      if (verdict === 'best') return { measured, verdict, why: 'Only expires_in counts.' }
      return { measured, verdict, why: 'A token that is good was not used again.', advice: expiresIn }
    },
  },
  {
    id: 'clock-ahead',
    title: "Token's exp an hour too late, life of 2 s",
    what: 'exp in the token is an hour later than expires_in says. Calls for 3 seconds: does any arrive with an expired token?',
    script: { lifetimeSeconds: 2, clockShiftSeconds: 3600 },
    async run({ server, oneByOne }) {
      const outcomes = await oneByOne(15, 200)
      const refused = refusedCalls(server)
      const measured = count(refused, 'refused call')
      if (refused === 0 && failures(outcomes) === undefined)
        return { measured, verdict: 'best', why: 'Only expires_in counts.' }
      const seen = outcomes.filter(({ status }) => status !== 200).length
      return {
        measured: `${measured}, ${seen} of them seen by the caller`,
        verdict: seen === 0 ? 'acceptable' : 'bad',
        why: 'An expired token was sent.',
        advice: expiresIn,
      }
    },
  },
  {
    id: 'no-expires-in',
    title: 'Answer without expires_in',
    what: 'The answer has no expires_in; the token works for 2 seconds. 10 calls in a row, and one after its end.',
    script: { tellsLifetime: false, lifetimeSeconds: 2 },
    async run({ server, call, oneByOne }) {
      const failed = failures(await oneByOne(10))
      if (failed) return failed
      const requests = server.tokenRequests.length
      await new Promise((resolve) => setTimeout(resolve, 2100))
      const later = (await call()).status === 200
      const measured = `${count(requests, 'token request')}, ${later ? 'works' : 'stuck'} after its end`
      if (!later)
        return {
          measured,
          verdict: 'bad',
          why: 'A token of unknown life is sent although the API refuses it.',
          advice: 'Take a short life, such as 60 s, and renew once on 401 invalid_token.',
        }
      if (requests <= 1)
        return { measured, verdict: 'best', why: 'The token was used again, and not for ever.' }
      return {
        measured,
        verdict: 'bad',
        why: 'A token of unknown life was not used again.',
        advice: 'Take a short life, such as 60 s (RFC 6749 §5.1 only recommends expires_in).',
      }
    },
  },
]
