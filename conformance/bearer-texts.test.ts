// The words of refusals at guarded APIs, E9 to E13, and their form (RFC 9457).
import assert from 'node:assert/strict'
import { challengeOf } from './answer.ts'
import { decodeToken } from './jwt.ts'
import { requirement } from './requirement.ts'
import { type GuardedCall, guardedCallOf, need, type Target } from './target.ts'
import { callGuarded, getToken } from './token-request.ts'

const notAToken =
  'This looks like a client secret, not an access token. Exchange it at /oauth/connect/token first. And rotate it if the request left your machine.'

type Case = readonly [
  statement: number,
  name: string,
  authorization: (target: Target, call: GuardedCall) => Promise<string | undefined>,
  status: number,
  text: string,
]

const cases: readonly Case[] = [
  [
    61,
    'E9 no token',
    async () => undefined,
    401,
    'No access token in the request. Send Authorization: Bearer TOKEN. Get one from /oauth/connect/token.',
  ],
  [
    62,
    'E10 an expired token',
    async (target, call) => `Bearer ${await expired(target, call)}`,
    401,
    'The token expired 42 seconds ago. Request a new one and reuse it until shortly before expires_in runs out.',
  ],
  [62, 'E11 our secret', async ({ client }) => `Bearer ${client.clientSecret}`, 401, notAToken],
  [62, 'E11 a value like a secret', async () => `Bearer ${'x'.repeat(43)}`, 401, notAToken],
  [
    63,
    'E13 a missing scope',
    async (target) => `Bearer ${await getToken(target, ['document_read'])}`,
    403,
    'This call needs event. Your token has document_read. Add the scope to the client, save, then request a new token: old tokens do not change.',
  ],
]

async function expired(target: Target, call: GuardedCall): Promise<string> {
  const { claims } = decodeToken(await getToken(target, [call.scope]))
  const exp = Math.floor(target.now() / 1000) - 42
  return need(target.sign, 'way to sign')({}, { ...claims, iat: exp - 60, exp })
}

for (const [statement, name, authorization, status, text] of cases) {
  requirement(statement, `${name} is answered word for word`, async (target) => {
    need(target.promisesTexts, 'promise of our texts')
    const call = guardedCallOf(target, 'event')
    const answer = await callGuarded(call, await authorization(target, call))
    assert.equal(answer.status, status)
    assert.equal(answer.body.detail, text)
    // RFC 9457 §3: problem details, and the type is a page.
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
    assert.equal((await fetch(String(answer.body.type))).status, 200)
    // RFC 6750 §3: the challenge says the same as the body, where it says anything.
    if (answer.headers.get('www-authenticate')?.includes('error='))
      assert.equal(challengeOf(answer).error_description, text)
  })
}

requirement(63, 'E13 links to where the scope is added', async (target) => {
  need(target.promisesTexts, 'promise of our texts')
  const call = guardedCallOf(target, 'event')
  const { body } = await callGuarded(call, `Bearer ${await getToken(target, ['document_read'])}`)
  assert.deepEqual([body.required, body.granted], ['event', ['document_read']])
  const page = new URL(String(body.fixUrl))
  assert.ok(page.pathname.includes(target.client.clientId) && page.searchParams.get('scope') === 'event')
  assert.equal((await fetch(page)).status, 200)
})

requirement(78, 'E12 a test token at an API of production alone is told so', async (target) => {
  need(target.promisesTexts, 'promise of our texts')
  const call = need(target.productionOnly, 'API that takes production tokens alone')
  const client = need(target.clients?.tenScopes, 'test client for that API')
  const { body } = await callGuarded(call, `Bearer ${await getToken(target, [call.scope], client)}`)
  assert.equal(
    body.detail,
    'This is a test token and this API accepts production tokens only. Use a production client.',
  )
})
