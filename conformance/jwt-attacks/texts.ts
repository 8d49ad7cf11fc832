// Texts that are almost a token, and JWTs that are good for something else: RFC 7515 §2, §7.1; RFC 8725 §2.8.
import type { Attack } from './forge.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The same bytes, with a spare bit set in the last character, where there is one (RFC 4648 §3.5). */
function withSpareBit(part: string): string {
  if (part.length % 4 === 0) return `${part}A`
  return part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1) ?? '') | 1]
}

function eachPart(what: string, change: (part: string) => string): Attack[] {
  return [0, 1, 2].map((index) => [
    `${what} in part ${index + 1}`,
    ({ token }) =>
      token
        .split('.')
        .map((part, place) => (place === index ? change(part) : part))
        .join('.'),
  ])
}

export const textAttacks: readonly Attack[] = [
  ...eachPart('padding', (part) => `${part}=`),
  ...eachPart('a spare bit', withSpareBit),
  ...eachPart('a character of another alphabet', (part) => `${part.slice(0, -2)}+/`),
  ...eachPart('a tilde', (part) => `${part}~`),
  ...eachPart('nothing', () => ''),
  ['a dot behind it', ({ token }) => `${token}.`],
  ['three dots behind it', ({ token }) => `${token}...`],
  ['a dot before it', ({ token }) => `.${token}`],
  ['two dots within', ({ token }) => token.replace('.', '..')],
  ['two parts', ({ token }) => token.split('.').slice(0, 2).join('.')],
  ['one part', ({ token }) => token.split('.')[1] ?? ''],
  ['only dots', () => '..'],
  ['five parts, as if encrypted', ({ token }) => `${token}.AAAA.AAAA`],
  [
    'an encrypted token',
    () =>
      `${Buffer.from('{"alg":"dir","enc":"A256GCM","typ":"at+jwt"}').toString('base64url')}..AAAA.AAAA.AAAA`,
  ],
  [
    'the JSON serialisation',
    ({ token }) => {
      const [header, payload, signature] = token.split('.')
      return JSON.stringify({ protected: header, payload, signature })
    },
  ],
  ['the token twice', ({ token }) => `${token}${token}`],
  ['the token twice with a comma', ({ token }) => `${token},${token}`],
  ['the token twice with a space', ({ token }) => `${token} ${token}`],
  ['the scheme twice', ({ token }) => `Bearer ${token}`],
  ['quotes around it', ({ token }) => `"${token}"`],
  ['a name before it', ({ token }) => `token=${token}`],
  ['percent-encoding', ({ token }) => token.replaceAll('.', '%2E')],
  ['capitals', ({ token }) => token.toUpperCase()],
  ['the token backwards', ({ token }) => [...token].reverse().join('')],
  ['a kilobyte of dots', () => '.'.repeat(1000)],
  ['ten kilobytes of nonsense', () => 'x'.repeat(10_000)],
  ['a megabyte', ({ token }) => token + 'x'.repeat(1_000_000), [431]],
  // RFC 8725 §2.8: one kind of JWT as another.
  ['a signed introspection answer', ({ others }) => others.introspection],
  ['a DPoP proof', ({ others }) => others.dpopProof],
  ['a client assertion', ({ others }) => others.assertion],
  ['an ID token', ({ others }) => others.idToken],
]
