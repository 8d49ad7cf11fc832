// Guessing is slowed, and nobody is locked out by it (RFC 6749 §2.3.1, §10.10; RFC 7662 §4).
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type Answer, assertBasicChallenge, assertNoToken, shown } from './answer.ts'
import { requirement } from './requirement.ts'
import { guardedCallOf, need, type Target } from './target.ts'
import { postIntrospection } from './token-endpoints.ts'
import { basic, getToken, postToken } from './token-request.ts'

function assertThrottled(answer: Answer): void {
  assert.equal(answer.status, 429, shown(answer))
  // RFC 6585 §4.
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assertNoToken(answer)
}

/** Sends these one after the other, a few at a time. */
async function sendAll<Item>(
  items: readonly Item[],
  send: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let start = 0; start < items.length; start += 20)
    answers.push(...(await Promise.all(items.slice(start, start + 20).map(send))))
  return answers
}

function mayFlood(target: Target): void {
  need(target.mayFlood === true || undefined, 'leave to be flooded: it may refuse other checks afterwards')
}

const failing = (target: Target, clientId: string) =>
  postToken(target, { authorization: basic({ clientId, clientSecret: 'x'.repeat(43) }) })

requirement(
  40,
  'more than 20 failures a minute give 429, and the right secret still works',
  async (target) => {
    mayFlood(target)
    const { clientId } = target.client
    for (const _ of Array(20).keys()) assertBasicChallenge(await failing(target, clientId))
    const beyond = await sendAll([...Array(20).keys()], () => failing(target, clientId))
    assertThrottled(beyond.at(-1) ?? assert.fail())
    // Credentials are checked first: an attacker cannot lock the client out.
    for (const _ of Array(20).keys()) assert.ok(await getToken(target))
    target.advanceClock?.(61_000)
    if (target.advanceClock) assertBasicChallenge(await failing(target, clientId))
  },
)

requirement(41, 'random ids from one address are throttled, and other clients are served', async (target) => {
  mayFlood(target)
  const ids = Array.from({ length: 400 }, () => `test-${randomUUID()}`)
  const answers = await sendAll(ids, (id) => failing(target, id))
  const [first] = answers
  assertBasicChallenge(first ?? assert.fail())
  for (const answer of answers.slice(-100)) assertThrottled(answer)
  assert.ok(await getToken(target))
})

requirement(
  95,
  'a caller that introspects what is not alive is limited; live tokens are answered',
  async (target) => {
    mayFlood(target)
    const live = await getToken(target, [guardedCallOf(target).scope])
    const form = { token: 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA' }
    const answers = await sendAll([...Array(1000).keys()], () => postIntrospection(target, { form }))
    assert.deepEqual([answers[0]?.status, answers[0]?.body], [200, { active: false }])
    assertThrottled(answers.at(-1) ?? assert.fail())
    const { status, body } = await postIntrospection(target, { form: { token: live } })
    assert.deepEqual([status, body.active], [200, true])
  },
)
