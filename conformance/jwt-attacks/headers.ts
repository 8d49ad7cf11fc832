// Headers that would choose the key, the rules or the meaning: RFC 7515 §4, RFC 8725 §3.10 to §3.12, RFC 9068 §4.
import { type Attack, byStranger, withHeader, withTexts } from './forge.ts'

const badKids: readonly unknown[] = [
  '../../../../dev/null',
  '/dev/null',
  'file:///etc/passwd',
  'https://attacker.example/key',
  "' OR '1'='1",
  "x'; DROP TABLE signing_key; --",
  "' UNION SELECT 'key",
  '$(id)',
  '| id',
  '\u0000',
  '',
  '*',
  '__proto__',
  'constructor',
  'toString',
  'k'.repeat(4000),
  0,
  1e30,
  true,
  null,
  [],
  {},
  { toString: 'x' },
]
const kids = badKids.map((kid): Attack => {
  const name = JSON.stringify(kid)
  return [`kid ${name.slice(0, 40)}`, withHeader({ kid })]
})

const types = [
  'JWT',
  'jwt',
  undefined,
  null,
  '',
  'at',
  'at+jwt2',
  ' at+jwt',
  'at+jwt;x=y',
  'text/at+jwt',
  'dpop+jwt',
  'token-introspection+jwt',
  'client-authentication+jwt',
  'logout+jwt',
  ['at+jwt'],
  { typ: 'at+jwt' },
].map((typ): Attack => [`typ ${JSON.stringify(typ)}`, withHeader({ typ })])

/** A stranger who brings the key with the token. */
const ownKeys: readonly Attack[] = [
  [
    'its own key as jwk',
    byStranger(({ stranger }) => ({ jwk: stranger.publicKey.export({ format: 'jwk' }) })),
  ],
  [
    'its own key as jwk and no kid',
    byStranger(({ stranger }) => ({ kid: undefined, jwk: stranger.publicKey.export({ format: 'jwk' }) })),
  ],
  ['its own key behind jku', byStranger(() => ({ jku: 'http://127.0.0.1:1/jwks' }))],
  ['its own key behind x5u', byStranger(() => ({ x5u: 'http://127.0.0.1:1/x5u' }))],
  [
    'its own key as x5c',
    byStranger(({ stranger }) => ({
      x5c: [stranger.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')],
    })),
  ],
]

export const headerAttacks: readonly Attack[] = [
  ...kids,
  ...types,
  ...ownKeys,
  ['no kid', withHeader({ kid: undefined })],
  [
    'jwk, even when it is the right one',
    withHeader(({ publicKey }) => ({ jwk: publicKey.export({ format: 'jwk' }) })),
  ],
  ['jku, even when it is the right one', withHeader({ jku: 'https://api.example/oauth/jwks' })],
  ['x5u', withHeader({ x5u: 'https://attacker.example/x5u' })],
  ['x5c', withHeader({ x5c: ['AA=='] })],
  ['an empty x5c', withHeader({ x5c: [] })],
  // RFC 7515 §4.1.11.
  ['an unknown crit', withHeader({ crit: ['x'], x: 1 })],
  ['crit that names what is not there', withHeader({ crit: ['exp'] })],
  ['crit that names alg', withHeader({ crit: ['alg'] })],
  ['an empty crit', withHeader({ crit: [] })],
  ['crit as a text', withHeader({ crit: 'exp' })],
  ['crit with a number', withHeader({ crit: [1] })],
  ['crit null', withHeader({ crit: null })],
  // RFC 7797 §3, §6.
  ['b64 false and critical', withHeader({ crit: ['b64'], b64: false })],
  ['b64 false', withHeader({ b64: false })],
  ['b64 true and critical', withHeader({ crit: ['b64'], b64: true })],
  [
    'b64 false over claims that are not encoded',
    ({ header, claims, signInput }) => {
      const encoded = Buffer.from(JSON.stringify({ ...header, crit: ['b64'], b64: false })).toString(
        'base64url',
      )
      const input = `${encoded}.${Object.keys(claims).join('-')}`
      return `${input}.${signInput(input).toString('base64url')}`
    },
  ],
  // RFC 7519 §5.2, §11.
  ['cty JWT', withHeader({ cty: 'JWT' })],
  ['zip', withHeader({ zip: 'DEF' })],
  ['enc', withHeader({ enc: 'A256GCM' })],
  // RFC 7515 §4: of two members with one name the last counts.
  [
    'alg twice, none the last',
    withTexts(({ header }) => ({ header: `${JSON.stringify(header).slice(0, -1)},"alg":"none"}` })),
  ],
  [
    'typ twice, the wrong one last',
    withTexts(({ header }) => ({ header: `${JSON.stringify(header).slice(0, -1)},"typ":"JWT"}` })),
  ],
  [
    'kid twice, an unknown one last',
    withTexts(({ header }) => ({ header: `${JSON.stringify(header).slice(0, -1)},"kid":"x"}` })),
  ],
  ['an empty header', withTexts(() => ({ header: '{}' }))],
  ['a header that is null', withTexts(() => ({ header: 'null' }))],
  ['a header that is a list', withTexts(({ header }) => ({ header: JSON.stringify([header]) }))],
  [
    'a header that is a text',
    withTexts(({ header }) => ({ header: JSON.stringify(JSON.stringify(header)) })),
  ],
  ['a header that is no JSON', withTexts(() => ({ header: '{"alg":"ES256"' }))],
  ['a header with a comment', withTexts(({ header }) => ({ header: `${JSON.stringify(header)}//` }))],
  [
    'a header that is not UTF-8',
    withTexts(({ header }) => ({
      header: Buffer.concat([
        Buffer.from(`${JSON.stringify(header).slice(0, -1)},"x":"`),
        Buffer.from([0xff, 0x22, 0x7d]),
      ]),
    })),
  ],
  [
    'a header of lists in lists',
    withTexts(({ header }) => ({
      header: `${JSON.stringify(header).slice(0, -1)},"crit":${'['.repeat(3000)}${']'.repeat(3000)}}`,
    })),
  ],
  [
    'alg in the prototype',
    byStranger(() => ({ alg: undefined, ...JSON.parse('{"__proto__":{"alg":"none"}}') })),
  ],
]
