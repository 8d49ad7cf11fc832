// RFC 8725 §2.1, §3.1: the key decides the algorithm, whatever the header says.
import assert from 'node:assert/strict'
import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { test } from 'node:test'
import { GuardError } from './errors.ts'
import { createGuard } from './guard.ts'

const keys = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  EdDSA: generateKeyPairSync('ed25519'),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
const issuer = 'https://api.example/oauth'
const nowMs = Date.UTC(2026, 10, 24)

/** How each algorithm signs; the attacker has the private key in half of the cases and still must not pass. */
const signatures: Record<
  string,
  (input: Buffer, key: { publicKey: KeyObject; privateKey: KeyObject }) => Buffer
> = {
  ES256: (input, { privateKey: key }) => sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' }),
  ES384: (input, { privateKey: key }) => sign('sha384', input, { key, dsaEncoding: 'ieee-p1363' }),
  EdDSA: (input, { privateKey }) => sign(null, input, privateKey),
  RS256: (input, { privateKey }) => sign('sha256', input, privateKey),
  RS512: (input, { privateKey }) => sign('sha512', input, privateKey),
  PS256: (input, { privateKey: key }) =>
    sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  HS256: (input, { publicKey }) =>
    createHmac('sha256', publicKey.export({ format: 'pem', type: 'spki' }))
      .update(input)
      .digest(),
  none: () => Buffer.alloc(0),
}

function token(alg: string, keyName: keyof typeof keys, signAs = alg): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = nowMs / 1000
  const claims = {
    ...{ iss: issuer, sub: 'c', client_id: 'c', aud: 'https://api.example', scope: 'event', jti: 'j' },
    ...{ environment: 'production', iat, exp: iat + 60 },
  }
  const input = `${part({ alg, typ: 'at+jwt', kid: keyName })}.${part(claims)}`
  const signature = signatures[signAs]?.(Buffer.from(input), keys[keyName]) ?? Buffer.alloc(0)
  return `${input}.${signature.toString('base64url')}`
}

function guardWith(algorithms?: string[]) {
  const findKey = (id: string) => Object.entries(keys).find(([name]) => name === id)?.[1].publicKey
  return createGuard({
    ...{ issuer, audiences: { production: 'https://api.example' }, findKey, now: () => nowMs },
    ...(algorithms && { algorithms }),
  })
}

for (const alg of ['ES256', 'EdDSA', 'RS256'] as const) {
  test(`by default a token of ${alg} is accepted with a key for it`, async () => {
    await guardWith().check(`Bearer ${token(alg, alg)}`, 'event')
  })
}

for (const [alg, key, signAs, algorithms] of [
  ['PS256', 'RS256', 'PS256', undefined],
  ['RS512', 'RS256', 'RS512', undefined],
  // Both are allowed here; the key is for the first.
  ['PS256', 'RS256', 'PS256', ['RS256', 'PS256']],
  ['RS256', 'RS256', 'RS256', ['PS256', 'RS256']],
  ['HS256', 'RS256', 'HS256', undefined],
  ['HS256', 'ES256', 'HS256', undefined],
  ['HS256', 'EdDSA', 'HS256', ['HS256', 'EdDSA']],
  ['none', 'ES256', 'none', undefined],
  ['ES256', 'RS256', 'RS256', undefined],
  ['RS256', 'ES256', 'ES256', undefined],
  ['EdDSA', 'ES256', 'ES256', undefined],
  ['ES256', 'EdDSA', 'EdDSA', undefined],
  ['RS256', 'EdDSA', 'EdDSA', undefined],
  ['ES256', 'ES384', 'ES384', undefined],
  ['ES384', 'ES384', 'ES384', undefined],
  ['EdDSA', 'EdDSA', 'EdDSA', ['ES256']],
] as const) {
  const list = algorithms ? ` where ${algorithms.join(' and ')} are allowed` : ''
  test(`${alg} with a key for ${key}, signed as ${signAs}${list}, is refused`, async () => {
    const check = guardWith(algorithms && [...algorithms]).check(`Bearer ${token(alg, key, signAs)}`, 'event')
    await assert.rejects(check, (error) => error instanceof GuardError && error.status === 401)
  })
}

test('what was remembered is forgotten when asked, also what was being checked at that moment', async () => {
  let publicKey: KeyObject | undefined = keys.ES256.publicKey
  const guard = createGuard({
    ...{ issuer, audiences: { production: 'https://api.example' }, now: () => nowMs },
    findKey: async () => publicKey,
  })
  const header = `Bearer ${token('ES256', 'ES256')}`
  await guard.check(header, 'event')
  publicKey = undefined
  await guard.check(header, 'event')
  guard.forget()
  await assert.rejects(guard.check(header, 'event'), GuardError)

  publicKey = keys.ES256.publicKey
  const underWay = guard.check(header, 'event')
  await Promise.resolve()
  publicKey = undefined
  guard.forget()
  await underWay.catch(() => undefined)
  await assert.rejects(guard.check(header, 'event'), GuardError)
})

test('a token that was accepted is checked again after five minutes, as long as keys are kept', async () => {
  let asked = 0
  let clock = nowMs
  const guard = createGuard({
    ...{ issuer, audiences: { production: 'https://api.example' }, now: () => clock, clockSkewSeconds: 1000 },
    findKey: () => {
      asked += 1
      return keys.ES256.publicKey
    },
  })
  const header = `Bearer ${token('ES256', 'ES256')}`
  for (const [ms, times] of [
    [0, 1],
    [299_999, 1],
    [1, 2],
    [299_999, 2],
  ] as const) {
    clock += ms
    await guard.check(header, 'event')
    assert.equal(asked, times)
  }
})
