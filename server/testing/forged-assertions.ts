// Token requests with assertions that are almost right, by the thousand: each is built from a good one by
// changes, and it is known whether any change makes it bad.
import fc from 'fast-check'
import {
  type AssertionKey,
  assertionClaims,
  assertionForm,
  type Claims,
  makeAssertionKey,
} from './assertions.ts'
import { testStart, type World } from './world.ts'

export interface Attempt {
  payload: string
  /** False: it must not get a token. True: it is good, if it was not used before. */
  mayPass: boolean
}

interface Change {
  header: Claims
  claims: Claims
  damage: (assertion: string) => string
  signer: 'own' | 'stranger'
  form: Record<string, string>
  breaks: boolean
}

const nothing: Change = {
  header: {},
  claims: {},
  damage: (text) => text,
  signer: 'own',
  form: {},
  breaks: false,
}
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
  fc.constant({}),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.jsonValue(),
)

/** Any value for a claim or header: what the good value is, is not among them but by a chance of nothing. */
const wrongClaim = fc
  .tuple(fc.constantFrom('iss', 'sub', 'aud', 'exp', 'nbf', 'jti'), anything)
  .filter(([name, value]) => !isFine(name, value))
  .map(([name, value]) => ({ ...nothing, claims: { [name]: value }, breaks: true }))

// A jti may be any text, a nbf any time that has come.
function isFine(name: string, value: unknown): boolean {
  if (name === 'jti') return typeof value === 'string' && value !== ''
  return name === 'nbf' && typeof value === 'number' && value <= testStart / 1000 + 60
}

const wrongHeader = fc
  .tuple(fc.constantFrom('alg', 'typ', 'kid', 'crit', 'b64'), anything)
  .map(([name, value]) => ({ ...nothing, header: { [name]: value }, breaks: name === 'alg' }))

const harmless = fc
  .tuple(fc.constantFrom('x', 'scope', 'azp', '__proto__', 'constructor'), anything)
  .map(([name, value]) => ({ ...nothing, claims: Object.fromEntries([[name, value]]) }))

const damaged = fc
  .tuple(fc.nat(), fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }))
  .map(([at, text]) => ({
    ...nothing,
    damage: (assertion: string) => {
      const index = at % assertion.length
      return assertion.slice(0, index) + text + assertion.slice(index + text.length)
    },
  }))

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constant(nothing),
  wrongClaim,
  wrongHeader,
  harmless,
  damaged,
  fc.constant<Change>({ ...nothing, signer: 'stranger', breaks: true }),
  fc.constant<Change>({
    ...nothing,
    damage: (text) => text.slice(0, text.lastIndexOf('.') + 1),
    breaks: true,
  }),
  fc
    .string({ unit: 'binary', maxLength: 200 })
    .map((text) => ({ ...nothing, damage: () => text, breaks: true })),
  fc
    .string({ minLength: 1 })
    .map((text) => ({ ...nothing, form: { client_assertion_type: text }, breaks: true })),
  fc.string({ minLength: 1 }).map((text) => ({ ...nothing, form: { client_id: text }, breaks: true })),
)

const stranger = makeAssertionKey()

/** Attempts against one client whose key is `key`. */
export function attempts(world: World, clientId: string, key: AssertionKey): fc.Arbitrary<Attempt> {
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const now = world.clock.now()
    const all: Change = changes.reduce((sum, one) => ({
      header: { ...sum.header, ...one.header },
      claims: { ...sum.claims, ...one.claims },
      damage: (text: string) => one.damage(sum.damage(text)),
      signer: sum.signer === 'stranger' ? sum.signer : one.signer,
      form: { ...sum.form, ...one.form },
      breaks: sum.breaks || one.breaks,
    }))
    const claims = { ...assertionClaims(clientId, `${world.url}/oauth`, now), ...all.claims }
    const sign = all.signer === 'own' ? key.sign : stranger.sign
    const whole = sign(all.header, claims)
    const assertion = all.damage(whole)
    return { payload: assertionForm(assertion, all.form), mayPass: !all.breaks && isSame(assertion, whole) }
  })
}

/** The last character of a signature has bits that say nothing. */
function isSame(one: string, other: string): boolean {
  const read = (text: string) => [
    text.slice(0, text.lastIndexOf('.')),
    Buffer.from(text.split('.')[2] ?? '', 'base64url').toString('hex'),
  ]
  return one.length === other.length && read(one).join() === read(other).join()
}
