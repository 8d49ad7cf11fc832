// Signatures that are none: RFC 8725 §2.1, §3.1; RFC 7515 §5.2; RFC 7518 §3.4.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { hmacToken, signedToken, unsignedToken } from '../jwt.ts'
import { type Attack, byStranger, type Forge, withSignature } from './forge.ts'

const zero = Buffer.alloc(32)
const one = Buffer.from('01'.padStart(64, '0'), 'hex')
/** The order of P-256, and its neighbours. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const number = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
const pair = (r: Buffer, s: Buffer) => withSignature(() => Buffer.concat([r, s]))

const unsigned = ['none', 'None', 'NONE', 'nOnE', 'none ', '', null, ['none'], undefined].flatMap(
  (alg): Attack[] => [
    [
      `alg ${JSON.stringify(alg)} and no signature`,
      ({ header, claims }) => unsignedToken({ ...header, alg }, claims),
    ],
    [
      `alg ${JSON.stringify(alg)} over a good signature`,
      withSignature(({ signInput }, input) => signInput(input), { alg }),
    ],
  ],
)

const secrets: readonly (readonly [string, (forge: Forge) => string | Buffer])[] = [
  ['the public key as PEM', ({ publicKey }) => publicKey.export({ format: 'pem', type: 'spki' })],
  [
    'the public key as PEM without its last line break',
    ({ publicKey }) => publicKey.export({ format: 'pem', type: 'spki' }).toString().trim(),
  ],
  ['the public key as DER', ({ publicKey }) => publicKey.export({ format: 'der', type: 'spki' })],
  ['the public key as JWK', ({ publicKey }) => JSON.stringify(publicKey.export({ format: 'jwk' }))],
  ['its x', ({ publicKey }) => Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url')],
  ['the published keys', ({ jwks }) => jwks],
  ['an empty secret', () => ''],
  ['the kid', ({ header }) => String(header.kid)],
]
const hmac = secrets.flatMap(([what, secret]): Attack[] => [
  [
    `HS256 with ${what}`,
    (forge) => {
      const { header, claims } = forge
      return hmacToken({ ...header, alg: 'HS256' }, claims, secret(forge))
    },
  ],
  [
    `ES256 in the header and HMAC with ${what}`,
    withSignature((forge, input) => createHmac('sha256', secret(forge)).update(input).digest()),
  ],
])

const algorithms = [
  'RS256',
  'PS256',
  'ES384',
  'ES512',
  'ES256K',
  'EdDSA',
  'HS256',
  'es256',
  'ES256 ',
  'dir',
].map(
  (alg): Attack => [
    `alg ${alg} over an ES256 signature`,
    withSignature(({ signInput }, input) => signInput(input), { alg }),
  ],
)

/** ASN.1 as OpenSSL writes it, where JWS wants both numbers side by side. */
function toDer(signature: Buffer): Buffer {
  const integer = (value: Buffer) => {
    const bytes = (value[0] ?? 0) > 127 ? Buffer.concat([Buffer.alloc(1), value]) : value
    return Buffer.concat([Buffer.from([2, bytes.length]), bytes])
  }
  const numbers = Buffer.concat([integer(signature.subarray(0, 32)), integer(signature.subarray(32))])
  return Buffer.concat([Buffer.from([0x30, numbers.length]), numbers])
}

export const signatureAttacks: readonly Attack[] = [
  ...unsigned,
  ...hmac,
  ...algorithms,
  ['an empty signature', withSignature(() => '')],
  ['the word null as signature', withSignature(() => 'null')],
  ['one byte as signature', withSignature(() => 'AA')],
  ['64 bytes of nothing', pair(zero, zero)],
  ['r = 0, s = 1', pair(zero, one)],
  ['r = 1, s = 0', pair(one, zero)],
  ['r = 1, s = 1', pair(one, one)],
  ['r = s = n', pair(number(order), number(order))],
  ['r = n, s = 1', pair(number(order), one)],
  ['r = s = n + 1', pair(number(order + 1n), number(order + 1n))],
  ['r = s = n - 1', pair(number(order - 1n), number(order - 1n))],
  ['all bits set', pair(Buffer.alloc(32, 255), Buffer.alloc(32, 255))],
  [
    'r and s exchanged',
    withSignature(({ signInput }, input) => {
      const good = signInput(input)
      return Buffer.concat([good.subarray(32), good.subarray(0, 32)])
    }),
  ],
  [
    'r + n instead of r',
    withSignature(({ signInput }, input) => {
      const good = signInput(input)
      const r = BigInt(`0x${good.subarray(0, 32).toString('hex')}`)
      return Buffer.concat([
        Buffer.from((r + order).toString(16).padStart(66, '0'), 'hex'),
        good.subarray(32),
      ])
    }),
  ],
  ['a signature as DER', withSignature(({ signInput }, input) => toDer(signInput(input)))],
  ['a signature cut by a byte', withSignature(({ signInput }, input) => signInput(input).subarray(0, 63))],
  [
    'a signature with a byte too many',
    withSignature(({ signInput }, input) => Buffer.concat([signInput(input), Buffer.alloc(1)])),
  ],
  [
    'a signature twice',
    withSignature(({ signInput }, input) => Buffer.concat([signInput(input), signInput(input)])),
  ],
  ['one bit of the signature changed', withSignature(({ signInput }, input) => flipped(signInput(input)))],
  [
    'the signature of another token',
    withSignature(({ sign: make, claims }) => make({}, { ...claims, jti: 'another' }).split('.')[2] ?? ''),
  ],
  ['the key of a stranger', byStranger(() => ({}))],
  ['the key of a stranger and no kid', byStranger(() => ({ kid: undefined }))],
  [
    'RS256 by a stranger',
    ({ header, claims }) => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
      return signedToken({ ...header, alg: 'RS256' }, claims, privateKey)
    },
  ],
  [
    'EdDSA by a stranger',
    withSignature(
      (_forge, input) => sign(null, Buffer.from(input), generateKeyPairSync('ed25519').privateKey),
      {
        alg: 'EdDSA',
      },
    ),
  ],
  [
    'the claims of a better token under the same signature',
    ({ token, claims }) => {
      const [header, , signature] = token.split('.')
      const better = { ...claims, exp: Number(claims.exp) + 1 }
      return `${header}.${Buffer.from(JSON.stringify(better)).toString('base64url')}.${signature}`
    },
  ],
  [
    'a signature over the claims alone',
    withSignature(({ signInput, claims }) => signInput(JSON.stringify(claims))),
  ],
  [
    'a signature over the input and a line break',
    withSignature(({ signInput }, input) => signInput(`${input}\n`)),
  ],
]

function flipped(signature: Buffer): Buffer {
  const bytes = Buffer.from(signature)
  bytes[40] = (bytes[40] ?? 0) ^ 1
  return bytes
}
