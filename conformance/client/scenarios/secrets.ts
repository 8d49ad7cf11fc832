// Where the secret and the token go, and where they must not.
import { count, describeOutcome, type Scenario } from '../scenario.ts'
import { tokenPath } from '../scripted-server.ts'

export const secrets: readonly Scenario[] = [
  {
    id: 'authentication',
    title: 'Client authentication by default',
    what: 'How does the token request say who sends it?',
    async run({ server, call }) {
      const outcome = await call()
      const method = server.tokenRequests[0]?.method ?? 'none'
      const measured = outcome.status === 200 ? method : `${method}; ${describeOutcome(outcome)}`
      if (method === 'basic' && outcome.status === 200)
        return { measured, verdict: 'best', why: 'Every server must support HTTP Basic (RFC 6749 §2.3.1).' }
      if (method === 'body' && outcome.status === 200)
        return {
          measured,
          verdict: 'acceptable',
          why: 'RFC 6749 §2.3.1 does not recommend credentials in the body; logs of bodies would hold them.',
          advice: 'Use HTTP Basic, id and secret form-encoded.',
        }
      return {
        measured,
        verdict: 'bad',
        why: method === 'query' ? 'Addresses are written into logs.' : 'No token could be had.',
        advice: 'Use HTTP Basic, id and secret form-encoded.',
      }
    },
  },
  {
    id: 'secret-in-error',
    title: 'Secret inside the thrown error',
    what: 'The secret is wrong. The program writes its error in every way that it has: does the secret stand in it?',
    wrongSecret: true,
    async run({ call, end, output, secretForms }) {
      const outcome = await call()
      await end()
      // Without the answer lines.
      const written = output().replace(/^(ready.*|\d+ (\d{3}|error))\n/gm, '')
      if (secretForms.some((form) => written.includes(form)))
        return {
          measured: 'yes',
          verdict: 'bad',
          why: 'Errors are logged, and reported to services of others.',
          advice:
            'Build a new error from status, code and description; never wrap the request or its configuration.',
        }
      if (outcome.kind === 'error' && written.trim() === '')
        return {
          measured: 'not shown',
          verdict: 'none',
          why: 'The program wrote nothing about its error.',
          advice: 'Let the driver write the error to stderr in every way that it has.',
        }
      return { measured: 'no', verdict: 'best', why: 'The error can be logged.' }
    },
  },
  {
    id: 'bad-secret',
    title: 'Wrong secret, 5 parallel calls',
    what: 'The secret is wrong. Each call must fail with an error that can be caught, and the program must live on.',
    wrongSecret: true,
    async run({ together, call, end }) {
      const outcomes = [...(await together(5)), await call()]
      const { how, code } = await end()
      const wrong = outcomes.find(({ kind, status }) => kind !== 'error' && status !== 401)
      const advice = 'Handle the rejection of every promise, those too that nobody waits for.'
      if (how === 'before its input ended' || (how === 'by itself' && code !== 0))
        return {
          measured: `the program ended with ${code ?? 'a signal'}`,
          verdict: 'bad',
          why: 'An error that nobody could catch (an unhandled rejection) ended the program.',
          advice,
        }
      if (how === 'killed')
        return {
          measured: 'the program does not end',
          verdict: 'bad',
          why: 'Something keeps it alive.',
          advice,
        }
      if (wrong)
        return { measured: describeOutcome(wrong), verdict: 'bad', why: 'The caller was not told.', advice }
      return { measured: 'errors, all caught', verdict: 'best', why: 'Each caller got its error.' }
    },
  },
  {
    id: 'no-token-no-call',
    title: 'Calls sent without a token',
    what: 'The token endpoint refuses. Does the API get calls without a token, whose 401 hides the reason?',
    wrongSecret: true,
    async run({ server, oneByOne }) {
      await oneByOne(3)
      const sent = server.calls.length
      if (sent === 0) return { measured: '0 calls', verdict: 'best', why: 'No token, no call.' }
      return {
        measured: count(sent, 'call'),
        verdict: 'bad',
        why: 'The caller sees a misleading 401 of the API in place of the reason.',
        advice: 'Fail with the error of the token endpoint, and send nothing to the API.',
      }
    },
  },
  {
    id: 'api-redirect',
    title: 'API redirects to another origin',
    what: 'The API answers 302 to another origin. Does the token arrive there?',
    needs: 'api-calls',
    script: ({ url }) => ({ callAnswer: () => ({ status: 302, headers: { location: `${url}/things` } }) }),
    async run({ elsewhere, call }) {
      await call()
      const carried = elsewhere.calls.some(({ token }) => token !== 'none')
      if (carried)
        return {
          measured: 'token sent',
          verdict: 'bad',
          why: 'Whoever can redirect can take the token.',
          advice: 'Take the Authorization header off a redirect to another origin.',
        }
      const measured = elsewhere.calls.length > 0 ? 'followed without the token' : 'not followed'
      return { measured, verdict: 'best', why: 'The token stays with the origin it is for.' }
    },
  },
  {
    id: 'token-redirect',
    title: 'Token endpoint redirects to another origin',
    what: 'The token endpoint answers 307 to another origin. Does the secret arrive there?',
    script: ({ url }) => ({
      tokenAnswer: () => ({ status: 307, headers: { location: `${url}${tokenPath}` } }),
    }),
    async run({ elsewhere, call }) {
      await call()
      const arrived = elsewhere.tokenRequests
      const advice = 'Follow no redirect of the token endpoint.'
      if (arrived.some(({ secret }) => secret))
        return {
          measured: 'secret sent',
          verdict: 'bad',
          why: 'Whoever can redirect can take the secret.',
          advice,
        }
      if (arrived.length > 0)
        return {
          measured: 'followed without the secret',
          verdict: 'acceptable',
          why: 'The secret stayed, but a token endpoint has no reason to redirect.',
          advice,
        }
      return { measured: 'not followed', verdict: 'best', why: 'The secret is for that address alone.' }
    },
  },
]
