// Claims that are not those of an access token for this API, under a right signature: RFC 9068 §4, RFC 7519 §4.1.
import { type Attack, type Forge, withClaims, withTexts } from './forge.ts'

/** A claim, and values of it that are refused; undefined: left out. */
const badValues: readonly (readonly [string, readonly unknown[]])[] = [
  ['iss', [undefined, null, '', 'https://attacker.example/oauth', 0, {}]],
  ['sub', [undefined, null, 0, {}]],
  ['client_id', [undefined, null, 0, [], 'test-nobody-here-000']],
  ['jti', [undefined, null, 0, {}]],
  ['scope', [undefined, null, 0, true, {}]],
  ['environment', [undefined, null, '', 'Test', 'prod', 'staging', 0, ['test']]],
  ['exp', [undefined, null, '9999999999', '', 1e30, 1e300, -1, 0, true, [9999999999], { a: 1 }]],
  ['iat', [undefined, null, '1', -1, 1e30, true, []]],
  ['aud', [undefined, null, '', 0, {}, [], [[]], ['https://a.example', 'https://b.example']]],
  ['nbf', ['1', null, {}, 1e30]],
]
const values = badValues.flatMap(([name, list]) =>
  list.map((value): Attack => [`${name} ${JSON.stringify(value)}`, withClaims(() => ({ [name]: value }))]),
)

const relative: readonly Attack[] = [
  ['exp past', withClaims(({ now }) => ({ exp: now - 31 }))],
  ['exp in milliseconds of the past, as a fraction', withClaims(({ now }) => ({ exp: now - 31.5 }))],
  ['exp as a fraction', withClaims(({ now }) => ({ exp: now + 1000.5 }))],
  ['exp as a text of the future', withClaims(({ now }) => ({ exp: String(now + 1000) }))],
  ['iat 90 s ahead', withClaims(({ now }) => ({ iat: now + 90 }))],
  ['iat in milliseconds', withClaims(({ now }) => ({ iat: now * 1000 }))],
  ['nbf ahead', withClaims(({ now }) => ({ nbf: now + 90 }))],
  ['iss as a list', withClaims(({ claims }) => ({ iss: [claims.iss] }))],
  ['iss with a slash', withClaims(({ claims }) => ({ iss: `${claims.iss}/` }))],
  ['iss with a space', withClaims(({ claims }) => ({ iss: `${claims.iss} ` }))],
  ['iss in capitals', withClaims(({ claims }) => ({ iss: String(claims.iss).toUpperCase() }))],
  ['iss as a prefix', withClaims(({ claims }) => ({ iss: `${claims.iss}.attacker.example` }))],
  ['scope as a list', withClaims(({ claims }) => ({ scope: String(claims.scope).split(' ') }))],
  ['client_id as a list', withClaims(({ claims }) => ({ client_id: [claims.client_id] }))],
  ['an unknown cnf', withClaims(() => ({ cnf: { jwk: {} } }))],
  ['an empty cnf', withClaims(() => ({ cnf: {} }))],
  ['cnf of a DPoP key, without proof', withClaims(() => ({ cnf: { jkt: 'x'.repeat(43) } }))],
  ['cnf of a certificate, without it', withClaims(() => ({ cnf: { 'x5t#S256': 'x'.repeat(43) } }))],
]

const otherEnvironment = ({ claims }: Forge) => (claims.environment === 'test' ? 'production' : 'test')

const audiences: readonly Attack[] = [
  [
    'aud of the other environment',
    withClaims((forge) => ({ aud: forge.audiences[otherEnvironment(forge)] })),
  ],
  [
    'the other environment with the audience of this one',
    withClaims((forge) => ({ environment: otherEnvironment(forge) })),
  ],
  [
    'the other environment altogether, by a client of this one',
    withClaims((forge) => {
      const environment = otherEnvironment(forge)
      return { environment, aud: forge.audiences[environment] }
    }),
  ],
  ['both audiences', withClaims((forge) => ({ aud: Object.values(forge.audiences) }))],
  ['both audiences in one text', withClaims((forge) => ({ aud: Object.values(forge.audiences).join(' ') }))],
  ['aud in a list in a list', withClaims(({ claims }) => ({ aud: [[claims.aud].flat()] }))],
  ['aud beside a number', withClaims(({ claims }) => ({ aud: [claims.aud, 1].flat() }))],
  ['aud as an object', withClaims(({ claims }) => ({ aud: { 0: claims.aud, length: 1 } }))],
  ['aud with a slash', withClaims(({ claims }) => ({ aud: `${claims.aud}/` }))],
  ['aud in capitals', withClaims(({ claims }) => ({ aud: String(claims.aud).toUpperCase() }))],
  ['aud as a prefix', withClaims(({ claims }) => ({ aud: `${claims.aud}x` }))],
  ['aud cut short', withClaims(({ claims }) => ({ aud: String(claims.aud).slice(0, -1) }))],
]

/** RFC 7519 §4: of two claims with one name the last counts, so that everybody reads the same. */
const wrongLast: readonly (readonly [string, (forge: Forge) => unknown])[] = [
  ['aud', () => 'https://attacker.example'],
  ['exp', () => 1],
  ['environment', otherEnvironment],
  ['iss', () => 'https://attacker.example'],
  ['client_id', () => 'test-nobody-here-000'],
]
const twice = wrongLast.map(
  ([name, value]): Attack => [
    `${name} twice, the wrong one last`,
    withTexts((forge) => ({
      claims: `${JSON.stringify(forge.claims).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value(forge))}}`,
    })),
  ],
)

const noObjects: readonly Attack[] = [
  ['claims that are a list', withTexts(({ claims }) => ({ claims: JSON.stringify([claims]) }))],
  ['claims that are null', withTexts(() => ({ claims: 'null' }))],
  ['claims that are a number', withTexts(() => ({ claims: '1' }))],
  ['claims that are a text', withTexts(({ claims }) => ({ claims: JSON.stringify(JSON.stringify(claims)) }))],
  ['claims that are no JSON', withTexts(() => ({ claims: 'scope=document_read' }))],
  ['no claims', withTexts(() => ({ claims: '' }))],
  ['a token as the claims', withTexts(({ token }) => ({ claims: token }))],
  ['a token as a JSON text', withTexts(({ token }) => ({ claims: JSON.stringify(token) }))],
  [
    'claims that are not UTF-8',
    withTexts(({ claims }) => ({
      claims: Buffer.concat([
        Buffer.from(`${JSON.stringify(claims).slice(0, -1)},"x":"`),
        Buffer.from([0xff, 0x22, 0x7d]),
      ]),
    })),
  ],
  [
    'claims with NaN',
    withTexts(({ claims }) => ({ claims: JSON.stringify(claims).replace(/"exp":\d+/, '"exp":NaN') })),
  ],
  [
    'claims with 1e999',
    withTexts(({ claims }) => ({ claims: JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e999') })),
  ],
  [
    'claims in the prototype',
    withTexts(({ claims }) => ({ claims: `{"__proto__":${JSON.stringify(claims)}}` })),
  ],
  [
    'claims of lists in lists',
    withTexts(({ claims }) => ({
      claims: `${JSON.stringify(claims).slice(0, -1)},"aud":${'['.repeat(3000)}${']'.repeat(3000)}}`,
    })),
  ],
]

export const claimAttacks: readonly Attack[] = [...values, ...relative, ...audiences, ...twice, ...noObjects]
