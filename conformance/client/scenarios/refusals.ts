// The API refuses: which refusals a new token can mend, and which it cannot.
import { byCount, count, describeOutcome, type Finding, failures, type Scenario } from '../scenario.ts'
import { invalidToken } from '../scripted-server.ts'

const retryOnce = 'On 401 invalid_token drop this token, get one new token, and repeat the call once.'

export const refusals: readonly Scenario[] = [
  {
    id: 'revoked',
    title: 'Token revoked, next call',
    what: 'A call succeeds, the token is revoked, and two more calls follow. What do they answer?',
    async run({ server, call }) {
      const first = failures([await call()])
      if (first) return first
      server.revokeAll()
      const [next, afterNext] = [await call(), await call()]
      const measured = describeOutcome(next)
      if (next.status === 200)
        return { measured, verdict: 'best', why: 'A new token was used before the caller noticed.' }
      if (afterNext.status === 200)
        return {
          measured: `${measured}, then 200`,
          verdict: 'acceptable',
          why: 'It recovers, and one call is lost.',
          advice: retryOnce,
        }
      return {
        measured: `${measured}, and again`,
        verdict: 'bad',
        why: 'It goes on with a dead token until that would have expired.',
        advice: retryOnce,
      }
    },
  },
  {
    id: 'revoked-parallel',
    title: '50 parallel calls after revoke',
    what: 'A call succeeds, the token is revoked, and 50 calls start at once. How many further token requests arrive?',
    async run({ server, call, together }) {
      const first = failures([await call()])
      if (first) return first
      const before = server.tokenRequests.length
      server.revokeAll()
      const failed = failures(await together(50))
      if (failed) return { ...failed, why: 'It goes on with a dead token.', advice: retryOnce }
      const further = server.tokenRequests.length - before
      const verdict = byCount(further, 1, 3)
      const measured = `${count(further, 'further token request')}`
      if (verdict === 'best') return { measured, verdict, why: 'One new token served all of them.' }
      return {
        measured,
        verdict,
        why: 'Calls did not share the new token.',
        advice:
          'Drop the token only if it is still the one that was refused, and renew it in a single flight.',
      }
    },
  },
  {
    id: 'endless-401',
    title: 'API says 401 for ever, 10 calls',
    what: 'The API refuses every token. 10 calls, one after the other: how many token requests beside the first?',
    script: { callAnswer: () => invalidToken },
    async run({ server, oneByOne }): Promise<Finding> {
      const outcomes = await oneByOne(10)
      const further = Math.max(0, server.tokenRequests.length - 1)
      const measured = count(further, 'further token request')
      const lost = outcomes.filter(({ kind }) => kind === 'silent' || kind === 'ended')[0]
      if (lost)
        return {
          measured: describeOutcome(lost),
          verdict: 'bad',
          why: 'The caller was told nothing.',
          advice: retryOnce,
        }
      const verdict = byCount(further, 1, 3)
      if (verdict === 'best')
        return {
          measured,
          verdict,
          why:
            further === 0
              ? 'It asks for nothing; whether it can recover is the row about revoked tokens.'
              : 'One new token was tried; it did not help, so no more were asked for.',
        }
      return {
        measured,
        verdict,
        why: 'A fault of the API becomes a flood at the token endpoint.',
        advice: 'When the new token is refused too, ask for no other for half a minute.',
      }
    },
  },
  {
    id: 'forbidden',
    title: '403 insufficient_scope, 5 calls',
    what: 'After a call that succeeds the API answers 403: the token lacks a scope. 5 such calls: how many requests beside the least possible?',
    needs: 'api-calls',
    script: {
      callAnswer: ({ number }) => (number === 1 ? undefined : insufficientScope),
    },
    async run({ server, call, oneByOne }) {
      const first = failures([await call()])
      if (first) return first
      const outcomes = await oneByOne(5)
      const wrong = outcomes.find(({ kind, status }) => kind !== 'error' && status !== 403)
      const repeated = server.calls.length - 6
      const measured = wrong ? describeOutcome(wrong) : count(repeated, 'repeated call')
      if (!wrong && repeated === 0)
        return {
          measured,
          verdict: 'best',
          why: 'No token that it can get would help; the caller is told so.',
        }
      return {
        measured,
        verdict: 'bad',
        why: 'A new token has the same scopes as the old one.',
        advice: 'Give 403 to the caller at once, with the scope that the challenge names.',
      }
    },
  },
]

const insufficientScope = {
  status: 403,
  headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="things_write"' },
  body: { title: 'Forbidden', status: 403 },
}
