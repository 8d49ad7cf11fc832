// Statements 123 to 129, 132 and 133: DPoP (RFC 9449) at the token endpoint.
import assert from 'node:assert/strict'
import { dpopAlgorithms, sha256 } from '../server/testing/dpop.ts'
import { assertError } from './answer.ts'
import {
  boundClient,
  freshNonce,
  getBoundToken,
  makeDpopKey,
  requestToken,
  seconds,
  tokenProof,
  type Wish,
} from './dpop-requests.ts'
import { decodeToken, hmacToken, unsignedToken } from './jwt.ts'
import { sendRaw } from './raw-request.ts'
import { requirement } from './requirement.ts'
import { need, type Target } from './target.ts'
import { basic, firstScope, formEncode, formType, postToken, requestBody } from './token-request.ts'

const key = makeDpopKey()

// RFC 9449 §5, §6.1; RFC 7638.
for (const algorithm of dpopAlgorithms) {
  requirement(123, `a proof by ${algorithm} gives a token of type DPoP, bound to its key`, async (target) => {
    const own = makeDpopKey(algorithm)
    const listed = need(target.metadata.dpop_signing_alg_values_supported, 'DPoP in its metadata')
    if (!Array.isArray(listed) || !listed.includes(algorithm)) need(undefined, `DPoP by ${algorithm}`)
    const { status, body, text } = await requestToken(target, own)
    assert.deepEqual([status, body.token_type], [200, 'DPoP'], text)
    assert.deepEqual(decodeToken(String(body.access_token)).claims.cnf, { jkt: own.thumbprint })
  })
}

const rsa = makeDpopKey('RS256')
/** What is wrong with a proof, and what makes it so. */
const broken: readonly (readonly [number, string, (target: Target) => Wish])[] = [
  [124, 'typ JWT', () => ({ header: { typ: 'JWT' } })],
  [124, 'typ at+jwt', () => ({ header: { typ: 'at+jwt' } })],
  [124, 'no typ', () => ({ header: { typ: undefined } })],
  [124, 'no jwk', () => ({ header: { jwk: undefined } })],
  [124, 'jwk null', () => ({ header: { jwk: null } })],
  [
    124,
    'the private key as jwk',
    () => ({ header: { jwk: { ...key.privateKey.export({ format: 'jwk' }) } } }),
  ],
  [124, 'a symmetric key as jwk', () => ({ header: { jwk: { kty: 'oct', k: 'AAAA' } } })],
  [124, 'another key as jwk', () => ({ header: { jwk: makeDpopKey().jwk } })],
  [124, 'a key of another kind as jwk', () => ({ header: { jwk: rsa.jwk } })],
  [124, 'alg none', () => ({ header: { alg: 'none' } })],
  [124, 'alg HS256', () => ({ header: { alg: 'HS256' } })],
  [124, 'an unknown crit', () => ({ header: { crit: ['x'], x: 1 } })],
  [124, 'no jti', () => ({ claims: { jti: undefined } })],
  [124, 'a jti that is no text', () => ({ claims: { jti: 1 } })],
  [124, 'no htm', () => ({ claims: { htm: undefined } })],
  [124, 'no htu', () => ({ claims: { htu: undefined } })],
  [124, 'no iat', () => ({ claims: { iat: undefined } })],
  [124, 'iat as a text', (target) => ({ claims: { iat: String(seconds(target)) } })],
  [125, 'htm post', () => ({ claims: { htm: 'post' } })],
  [125, 'htm GET', () => ({ claims: { htm: 'GET' } })],
  [
    125,
    'htu on another host',
    ({ tokenEndpoint }) => ({
      claims: { htu: `https://attacker.example${new URL(tokenEndpoint).pathname}` },
    }),
  ],
  [125, 'htu with another port', ({ tokenEndpoint }) => ({ claims: { htu: withPort(tokenEndpoint, '1') } })],
  [125, 'htu with another path', ({ tokenEndpoint }) => ({ claims: { htu: `${tokenEndpoint}2` } })],
  [125, 'htu with a slash more', ({ tokenEndpoint }) => ({ claims: { htu: `${tokenEndpoint}/` } })],
  [125, 'htu without host', ({ tokenEndpoint }) => ({ claims: { htu: new URL(tokenEndpoint).pathname } })],
  [125, 'htu that is the issuer', ({ issuer }) => ({ claims: { htu: issuer } })],
  [126, 'iat 5 min ago', (target) => ({ claims: { iat: seconds(target) - 300 } })],
  [126, 'iat 5 min ahead', (target) => ({ claims: { iat: seconds(target) + 300 } })],
]
for (const [statement, what, wish] of broken) {
  requirement(statement, `a proof with ${what} is refused`, async (target) => {
    assertError(await requestToken(target, key, wish(target)), 400, 'invalid_dpop_proof')
  })
}

function withPort(address: string, port: string): string {
  const url = new URL(address)
  url.port = port
  return url.href
}

// RFC 9449 §4.3 (1), (2), (6).
requirement(
  124,
  'what is no signed JWT, or is signed by a secret or not at all, is refused',
  async (target) => {
    const good = await tokenProof(target, key)
    const { header, claims } = decodeToken(good)
    for (const [what, proof] of [
      ['nonsense', 'x'],
      ['two parts', good.split('.').slice(0, 2).join('.')],
      ['no signature', `${good.slice(0, good.lastIndexOf('.'))}.`],
      ['a changed signature', `${good.slice(0, -10)}AAAAAAAAAA`],
      ['two proofs in one header', `${good}, ${good}`],
      ['alg none', unsignedToken({ ...header, alg: 'none' }, claims)],
      [
        'HMAC with the key as secret',
        hmacToken({ ...header, alg: 'HS256' }, claims, JSON.stringify(header.jwk)),
      ],
    ] as const) {
      const { status, body } = await postToken(target, { headers: { dpop: proof } })
      assert.deepEqual([status, body.error], [400, 'invalid_dpop_proof'], what)
    }
  },
)
requirement(124, 'two DPoP headers are refused, also when both are right', async (target) => {
  const body = requestBody(firstScope(target))
  const answer = await sendRaw(target.tokenEndpoint, {
    headers: [
      ['Authorization', basic(target.client)],
      ['Content-Type', formType],
      ['Content-Length', String(body.length)],
      ['DPoP', await tokenProof(target, key)],
      ['DPoP', await tokenProof(target, key)],
    ],
    body,
  })
  assertError(answer, 400, 'invalid_dpop_proof')
})

// RFC 9449 §4.3: compared after the normalisation of RFC 3986 §6.2.2, §6.2.3.
for (const [what, change] of [
  ['a query and a fragment', (endpoint: string) => `${endpoint}?a=b#c`],
  [
    'scheme and host in capitals',
    (endpoint: string) => endpoint.replace(/^[a-z]+:\/\/[^/]+/, (origin) => origin.toUpperCase()),
  ],
  ['dot segments', (endpoint: string) => endpoint.replace(/\/([^/]+)$/, '/./x/../$1')],
  [
    'the default port',
    (endpoint: string) => (new URL(endpoint).port === '' ? withDefaultPort(endpoint) : endpoint),
  ],
] as const) {
  requirement(125, `htu with ${what} is the same address`, async (target) => {
    const { status, text } = await requestToken(target, key, {
      claims: { htu: change(target.tokenEndpoint) },
    })
    assert.equal(status, 200, text)
  })
}

function withDefaultPort(endpoint: string): string {
  const port = endpoint.startsWith('https:') ? 443 : 80
  return endpoint.replace(/^([a-z]+:\/\/[^/]+)/, `$1:${port}`)
}

// RFC 9449 §11.1.
for (const difference of [-10, 10]) {
  requirement(126, `iat ${difference} s from now passes`, async (target) => {
    const { status, text } = await requestToken(target, key, {
      claims: { iat: seconds(target) + difference },
    })
    assert.equal(status, 200, text)
  })
}

// RFC 9449 §8.
requirement(
  127,
  'without a nonce 400 use_dpop_nonce brings one, and with it the request passes',
  async (target) => {
    need(await freshNonce(target), 'nonces')
    const first = await requestToken(target, key, { claims: { nonce: undefined } })
    assertError(first, 400, 'use_dpop_nonce')
    const nonce = first.headers.get('dpop-nonce')
    assert.match(nonce ?? '', /^[\x21\x23-\x5B\x5D-\x7E]+$/)
    const second = await requestToken(target, key, { claims: { nonce } })
    assert.equal(second.status, 200, second.text)
    // RFC 9449 §8.2.
    const next = second.headers.get('dpop-nonce')
    if (next !== null)
      assert.equal((await requestToken(target, key, { claims: { nonce: next } })).status, 200)
  },
)
for (const nonce of ['', 'x', 1, ['x']]) {
  requirement(127, `the nonce ${JSON.stringify(nonce)} is none`, async (target) => {
    need(await freshNonce(target), 'nonces')
    assertError(await requestToken(target, key, { claims: { nonce } }), 400, 'use_dpop_nonce')
  })
}
requirement(127, 'a nonce ends after its window', async (target) => {
  const nonce = need(await freshNonce(target), 'nonces')
  const advance = need(target.advanceClock, 'clock that moves')
  advance(10 * 60_000)
  assertError(await requestToken(target, key, { claims: { nonce } }), 400, 'use_dpop_nonce')
})

// Our choice: derived from a secret that the nodes share.
requirement(128, 'a nonce of one node passes on another', async (target) => {
  const open = need(target.openOtherNode, 'second node that can be asked')
  const nonce = need(await freshNonce(target), 'nonces')
  const node = await open()
  try {
    const endpoint = node.origin + new URL(target.tokenEndpoint).pathname
    const { status, text } = await requestToken(target, key, { claims: { nonce } }, { endpoint })
    assert.equal(status, 200, text)
  } finally {
    await node.close()
  }
})

// RFC 9449 §11.1.
requirement(129, 'a proof opens one token request, also of ten at once', async (target) => {
  const dpop = await tokenProof(target, key)
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => postToken(target, { headers: { dpop } })),
  )
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  for (const answer of answers) if (answer.status !== 200) assertError(answer, 400, 'invalid_dpop_proof')
})
requirement(129, 'a proof that was used is refused by another node', async (target) => {
  const node = await need(target.openOtherNode, 'second node that can be asked')()
  try {
    const dpop = await tokenProof(target, key)
    assert.equal((await postToken(target, { headers: { dpop } })).status, 200)
    const endpoint = node.origin + new URL(target.tokenEndpoint).pathname
    assertError(await postToken(target, { endpoint, headers: { dpop } }), 400, 'invalid_dpop_proof')
  } finally {
    await node.close()
  }
})
requirement(129, 'the jti of a proof may be used again by another key', async (target) => {
  const claims = { jti: sha256(String(Math.random())) }
  for (const each of [makeDpopKey(), makeDpopKey()]) {
    const { status, text } = await requestToken(target, each, { claims })
    assert.equal(status, 200, text)
  }
})
// RFC 9449 §5.2: rejected; the code is our choice.
requirement(132, 'a client whose tokens are always bound gets none without a proof', async (target) => {
  const authorization = boundClient(target)
  const refused = await postToken(target, { authorization })
  assert.deepEqual([refused.status, 'access_token' in refused.body], [400, false], refused.text)
  const { status, body } = await requestToken(target, key, {}, { authorization })
  assert.deepEqual([status, body.token_type], [200, 'DPoP'])
})

// RFC 9449 §5.1.
requirement(
  133,
  'the metadata list the algorithms of proofs, none of them symmetric',
  async ({ metadata }) => {
    const listed = need(metadata.dpop_signing_alg_values_supported, 'DPoP in its metadata')
    assert.ok(Array.isArray(listed) && listed.includes('ES256'))
    for (const algorithm of listed) assert.doesNotMatch(String(algorithm), /^(none|HS)/i)
  },
)
// RFC 9449 §6.2.
requirement(133, 'introspection says to which key a token is bound, and its type', async (target) => {
  const endpoint = need(target.metadata.introspection_endpoint, 'introspection endpoint')
  const token = await getBoundToken(target, key)
  const { body } = await postToken(target, { endpoint: String(endpoint), body: `token=${formEncode(token)}` })
  assert.deepEqual([body.active, body.token_type, body.cnf], [true, 'DPoP', { jkt: key.thumbprint }])
})
