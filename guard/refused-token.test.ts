// Whose call was refused: known where the issuer signed the token, and never part of the answer.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { SignJWT } from 'jose'
import { GuardError } from './errors.ts'
import { createGuard } from './guard.ts'
import { boundToken, guardWith, now, url } from './testing/bound-tokens.ts'

const issuer = 'https://api.example/oauth'
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const guard = createGuard({
  issuer,
  audiences: { test: 'https://api.example/test' },
  findKey: (id) => (id === 'k1' ? publicKey : undefined),
  now: () => now * 1000,
})

const sign = (claims: Record<string, unknown> = {}, key = privateKey) =>
  new SignJWT({
    iss: issuer,
    sub: 'test-a-b-100',
    client_id: 'test-a-b-100',
    aud: 'https://api.example/test',
    scope: 'event',
    environment: 'test',
    iat: now - 7200,
    exp: now + 3600,
    jti: 'j',
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
    .sign(key)

async function refusalOf(run: Promise<unknown>): Promise<GuardError> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof GuardError)
  return error
}

for (const [what, token, scope, whose] of [
  ['an expired token', sign({ exp: now - 42 }), 'event', 'test-a-b-100'],
  ['a token without the scope', sign(), 'identify', 'test-a-b-100'],
  ['a forged token', sign({}, stranger.privateKey), 'event', undefined],
  ['a forged token that is expired', sign({ exp: now - 42 }, stranger.privateKey), 'event', undefined],
  [
    'an expired token of another issuer',
    sign({ exp: now - 42, iss: 'https://x.example' }),
    'event',
    undefined,
  ],
  ['an expired token for another API', sign({ exp: now - 42, aud: 'https://x.example' }), 'event', undefined],
  ['an expired token without its claims', sign({ exp: now - 42, jti: 7 }), 'event', undefined],
  ['no JWT', Promise.resolve('abc'), 'event', undefined],
] as const)
  test(`the refusal of ${what} ${whose ? 'tells its client' : 'is nobody’s'}`, async () => {
    const error = await refusalOf(guard.check(`Bearer ${await token}`, scope))
    assert.equal(error.token?.clientId, whose)
  })

test('the refusal of a bound token that came without its key tells its client', async () => {
  const call = { method: 'GET', url, dpopProofs: [] }
  const error = await refusalOf(guardWith().check(`Bearer ${await boundToken()}`, 'order_read', call))
  assert.deepEqual([error.status, error.token?.clientId], [401, 'test-a-b-100'])
})

test('whose call it was is neither in the answer nor printed with the error', async () => {
  const error = await refusalOf(guard.check(`Bearer ${await sign({ exp: now - 42 })}`, 'event'))
  const everything = [
    JSON.stringify(error),
    JSON.stringify(error.problem),
    JSON.stringify(error.headers),
    inspect(error, { showHidden: true, depth: 9 }),
    Object.keys(error).join(),
  ].join('\n')
  assert.equal(everything.includes('test-a-b-100'), false)
})
