// HTTP Basic at the token endpoint: RFC 6749 §2.3 and RFC 7617.
import assert from 'node:assert/strict'
import { type Answer, assertBasicChallenge, assertError } from './answer.ts'
import { requirement } from './requirement.ts'
import { type Credentials, need, type Target } from './target.ts'
import { basic, firstScope, formEncode, postToken, rawBasic, requestBody } from './token-request.ts'

async function assertAuthenticates(target: Target, authorization: string): Promise<void> {
  const answer = await postToken(target, { authorization })
  assert.equal(answer.status, 200, answer.text)
}

// RFC 9110 §11.1: any letter case of the scheme; §11.4: one or more spaces after it.
for (const scheme of ['basic', 'BASIC', 'bAsIc', 'Basic ', 'Basic    ']) {
  requirement(24, `the scheme "${scheme}" works`, async (target) => {
    await assertAuthenticates(target, basic(target.client).replace('Basic', scheme))
  })
}

// RFC 6749 §2.3.1 and Appendix B: id and secret are form-encoded before Base64.
requirement(25, 'reserved characters in id and secret work when they are encoded', async (target) => {
  const client = need(target.clients?.reservedCharacters, 'client with reserved characters in id and secret')
  assert.match(client.clientId + client.clientSecret, /[:+%/]/)
  await assertAuthenticates(target, basic(client))
})
requirement(25, 'every character may be encoded, in either case of hex', async (target) => {
  const { clientId, clientSecret } = target.client
  const escapeAll = (text: string) =>
    [...text].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('')
  await assertAuthenticates(
    target,
    rawBasic(`${escapeAll(clientId)}:${escapeAll(clientSecret).toUpperCase()}`),
  )
})

// Our choice of alphabet: what we make needs no encoding.
requirement(26, 'generated ids and secrets work as they are', async (target) => {
  const makeClient = need(target.makeClient, 'way to make clients during the run')
  for (let count = 0; count < 25; count += 1) {
    const { clientId, clientSecret } = await makeClient()
    assert.equal(formEncode(clientId) + formEncode(clientSecret), clientId + clientSecret)
    await assertAuthenticates(target, rawBasic(`${clientId}:${clientSecret}`))
  }
})

// RFC 7617 §2: the first colon ends the id.
requirement(
  27,
  'only the first colon splits; colons in the secret survive, encoded or not',
  async (target) => {
    const client = need(target.clients?.secretWithColons, 'client with colons in its secret')
    await assertAuthenticates(target, basic(client))
    await assertAuthenticates(target, rawBasic(`${client.clientId}:${client.clientSecret}`))
  },
)

// RFC 7617 §2, RFC 4648 §4: what is no Basic header.
for (const [what, authorization] of [
  ['no colon', rawBasic('onlyanid')],
  ['nothing before the colon', rawBasic(':secret')],
  ['nothing at all', 'Basic'],
  ['an empty value', 'Basic '],
  ['characters outside Base64', 'Basic a?b=c'],
  ['Base64 of an impossible length', 'Basic YWJjZ'],
  ['padding in the middle', 'Basic YTo=Yg=='],
  ['a space inside', 'Basic YWJj OmRl'],
  ['bytes that are not UTF-8', rawBasic(Uint8Array.from([0x61, 0xff, 0x3a, 0x62]))],
  ['a broken percent sequence', rawBasic('a%zz:b')],
  ['a cut percent sequence', rawBasic('a:b%4')],
  ['an escaped byte that is not UTF-8', rawBasic('a%ff:b')],
  ['a control character', rawBasic('a\0b:c')],
  ['another scheme', 'Digest username="a"'],
] as const) {
  requirement(28, `Basic with ${what} gives 401+Basic and no stack trace`, async (target) => {
    const answer = await postToken(target, { authorization })
    assertBasicChallenge(answer)
    assert.doesNotMatch(answer.text, /Error:|\bat .*:\d+|node_modules/)
  })
}

// RFC 6749 §5.2: must be 401 with the scheme that was tried. By body and without any, our choice is the same.
for (const [what, wrong] of [
  ['a wrong secret by Basic', (client: Credentials) => ({ authorization: basic(withWrongSecret(client)) })],
  [
    'a wrong secret in the body',
    (client: Credentials) => ({
      authorization: null,
      body: `${requestBody('x')}&client_id=${client.clientId}&client_secret=wrong`,
    }),
  ],
  ['no credentials', () => ({ authorization: null })],
] as const) {
  requirement(29, `${what} gives 401+Basic`, async (target) => {
    assertBasicChallenge(await postToken(target, wrong(target.client)))
  })
}

/** Of the same length and look, with a checksum that no longer holds. */
function withWrongSecret({ clientId, clientSecret }: Credentials): Credentials {
  const last = clientSecret.endsWith('A') ? 'B' : 'A'
  return { clientId, clientSecret: clientSecret.slice(0, -1) + last }
}

// Our choice: outsiders learn nothing about which clients and secrets there are.
for (const [what, pick] of [
  ['an unknown id', ({ client }: Target) => ({ ...client, clientId: 'test-never-made-100' })],
  ['an expired secret', ({ clients }: Target) => need(clients?.expiredSecret, 'expired secret')],
  ['a disabled client', ({ clients }: Target) => need(clients?.disabled, 'disabled client')],
  ['an empty secret', ({ client }: Target) => ({ ...client, clientSecret: '' })],
  ['a secret of another client', ({ client, clients }: Target) => swapped(client, clients?.production)],
] as const) {
  requirement(30, `${what} is answered exactly like a wrong secret`, async (target) => {
    const authorization = basic(withWrongSecret(target.client))
    const wrongSecret = await postToken(target, { authorization })
    const other = await postToken(target, { authorization: basic(pick(target)) })
    assertBasicChallenge(other)
    assert.equal(other.text, wrongSecret.text)
    assert.deepEqual(comparableHeaders(other), comparableHeaders(wrongSecret))
  })
}

function swapped(client: Credentials, other: Credentials | undefined): Credentials {
  return { ...client, clientSecret: need(other, 'second client').clientSecret }
}

function comparableHeaders({ headers }: Answer): [string, string][] {
  return [...headers].filter(([name]) => !['date', 'request-id'].includes(name))
}

// RFC 6749 §2.3: one authentication method in a request, even when all are right.
for (const [what, parameters] of [
  [
    'Basic and a secret in the body',
    (client: Credentials) => `client_id=${client.clientId}&client_secret=${formEncode(client.clientSecret)}`,
  ],
  ['Basic and a secret alone in the body', (client: Credentials) => `client_secret=${client.clientSecret}`],
  [
    'Basic and an assertion',
    () =>
      `client_assertion=a.b.c&client_assertion_type=${formEncode('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')}`,
  ],
] as const) {
  requirement(32, `${what} together give 400 invalid_request`, async (target) => {
    const body = `${requestBody(firstScope(target))}&${parameters(target.client)}`
    assertError(await postToken(target, { body }), 400, 'invalid_request')
  })
}

// RFC 6749 §3.2.1 lets a client name itself; another name than the authenticated one is a mistake.
requirement(33, 'an equal client_id in the body is fine, a different one gives 400', async (target) => {
  const body = requestBody(firstScope(target))
  const equal = await postToken(target, { body: `${body}&client_id=${formEncode(target.client.clientId)}` })
  assert.equal(equal.status, 200)
  assertError(await postToken(target, { body: `${body}&client_id=other` }), 400, 'invalid_request')
})
