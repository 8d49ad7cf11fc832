import type { KeyObject } from 'node:crypto'
import { signedToken, signingInput } from '../jwt.ts'
import type { Json } from '../target.ts'

/** What an attack is made from: a good token in parts, and a signer that signs anything rightly. */
export interface Forge {
  /** A token that opens every guarded operation. */
  token: string
  header: Json
  claims: Json
  /** Unix seconds. */
  now: number
  audiences: { test: string; production: string }
  /** The key that the good token is verified by. */
  publicKey: KeyObject
  /** What the server publishes, as text. */
  jwks: string
  /** Signs with that key; the members given are changed, those that are undefined left out. */
  sign: (header: Json, claims: Json) => string
  /** Signs any input of two parts. */
  signInput: (input: string) => Buffer
  /** A key that the server has never seen. */
  stranger: { privateKey: KeyObject; publicKey: KeyObject }
  /** Other JWTs of the same server or for it, each good for its own purpose. */
  others: { introspection: string; dpopProof: string; assertion: string; idToken: string }
}

/** Its name, the token that it sends, and the statuses that refuse it. Default: 401 alone. */
export type Attack = readonly [what: string, make: (forge: Forge) => string, statuses?: readonly number[]]

/** The good claims with changes, signed rightly. */
export function withClaims(changes: (forge: Forge) => Json): (forge: Forge) => string {
  return (forge) => forge.sign({}, { ...forge.claims, ...changes(forge) })
}

/** The good claims under another header, signed rightly. */
export function withHeader(changes: Json | ((forge: Forge) => Json)): (forge: Forge) => string {
  return (forge) => forge.sign(typeof changes === 'function' ? changes(forge) : changes, forge.claims)
}

/** The good claims under another header, signed by a stranger. */
export function byStranger(changes: (forge: Forge) => Json): (forge: Forge) => string {
  return (forge) =>
    signedToken({ ...forge.header, ...changes(forge) }, forge.claims, forge.stranger.privateKey)
}

/** Header and claims as any text, signed rightly. */
export function withTexts(
  texts: (forge: Forge) => { header?: string | Buffer; claims?: string | Buffer },
): (forge: Forge) => string {
  return (forge) => {
    const { header = JSON.stringify(forge.header), claims = JSON.stringify(forge.claims) } = texts(forge)
    const input = [header, claims].map((text) => Buffer.from(text).toString('base64url')).join('.')
    return `${input}.${forge.signInput(input).toString('base64url')}`
  }
}

/** The good header and claims, with this instead of the signature. */
export function withSignature(
  make: (forge: Forge, input: string) => Buffer | string,
  header: Json = {},
): (forge: Forge) => string {
  return (forge) => {
    const input = signingInput({ ...forge.header, ...header }, forge.claims)
    const signature = make(forge, input)
    return `${input}.${typeof signature === 'string' ? signature : signature.toString('base64url')}`
  }
}
