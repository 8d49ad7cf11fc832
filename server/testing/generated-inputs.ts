// Properties of what reads a caller's bytes first: Basic headers, forms, scopes, tokens.
import assert from 'node:assert/strict'
import { GuardError } from '@latchkey/guard'
import fc from 'fast-check'
import { parseFormBody } from '../http/form-body.ts'
import { readBasic } from '../oauth/client-authentication/client-secret-basic.ts'
import { readScopes } from '../oauth/scope.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'

// RFC 6749 §5.2: what a description may hold.
const legalDescription = /^[ !#-[\]-~]+$/
const formType = 'application/x-www-form-urlencoded'

/** A refusal in our words; anything else that is thrown is a fault. */
function refusedOr<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    assert.ok(error instanceof OAuthError, String(error))
    assert.match(error.message, legalDescription)
    return undefined
  }
}

const formEncode = (text: string) => new URLSearchParams([['', text]]).toString().slice(1)
const wellFormed = fc.string({ unit: 'grapheme', maxLength: 40 })

/** Any text is read or refused, and what a client encodes comes back (RFC 6749 §2.3.1). */
export function checkBasicHeaders(numRuns: number): void {
  const header = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.base64String().map((text) => `Basic ${text}`),
    fc.uint8Array().map((bytes) => `basic  ${Buffer.from(bytes).toString('base64')}`),
  )
  fc.assert(
    fc.property(header, (text) => void readBasic(text)),
    { numRuns },
  )
  fc.assert(
    fc.property(
      wellFormed.filter((id) => id !== ''),
      wellFormed,
      (clientId, secret) => {
        const text = `${formEncode(clientId)}:${formEncode(secret)}`
        assert.deepEqual(readBasic(`Basic ${Buffer.from(text).toString('base64')}`), { clientId, secret })
      },
    ),
    { numRuns },
  )
}

/** Any bytes are read or refused; a form comes back as it was written, and a repeated name never does. */
export function checkForms(numRuns: number): void {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.webQueryParameters().map((text) => new TextEncoder().encode(text)),
  )
  fc.assert(
    fc.property(bytes, (body) => void refusedOr(() => parseFormBody(formType, Buffer.from(body)))),
    { numRuns },
  )
  const entries = fc.uniqueArray(
    fc.tuple(
      wellFormed.filter((name) => name !== '' && !name.startsWith('{')),
      wellFormed.filter((value) => value !== ''),
    ),
    { selector: ([name]) => name, maxLength: 6 },
  )
  fc.assert(
    fc.property(entries, (pairs) => {
      const body = Buffer.from(new URLSearchParams(pairs).toString())
      assert.deepEqual([...parseFormBody(formType, body).parameters], pairs)
      const [first] = pairs
      if (!first) return
      const twice = Buffer.from(new URLSearchParams([...pairs, first]).toString())
      assert.throws(() => parseFormBody(formType, twice), OAuthError)
    }),
    { numRuns },
  )
}

/** Scopes come back sorted, once each and legal, or are refused as a whole. */
export function checkScopes(numRuns: number): void {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(fc.stringMatching(/^[a-z_]{1,12}$/)).map((names) => names.join(' ')),
  )
  fc.assert(
    fc.property(text, (scope) => {
      const read = refusedOr(() => readScopes(scope))
      if (!read) return
      assert.deepEqual(read, [...new Set(read)].sort())
      for (const name of read) assert.match(name, /^[!#-[\]-~]+$/)
      assert.deepEqual(new Set(read), new Set(scope.split(' ').filter((name) => name !== '')))
    }),
    { numRuns },
  )
}

/** A token with anything changed is refused as one of ours always is: 401 or 400, never accepted, never a fault. */
export async function checkTokens(
  check: (authorization: string) => Promise<unknown>,
  token: string,
  numRuns: number,
): Promise<void> {
  const changed = fc.oneof(
    fc
      .tuple(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 3 }))
      .map(([at, text]) => token.slice(0, at) + text + token.slice(at + text.length)),
    fc.tuple(fc.json(), fc.json(), fc.base64String()).map(([header, claims, signature]) =>
      [header, claims]
        .map((part) => Buffer.from(part).toString('base64url'))
        .concat(signature)
        .join('.'),
    ),
    fc.tuple(fc.nat(token.length), fc.nat(token.length)).map(([from, to]) => token.slice(from, to)),
    fc.string({ unit: 'binary', maxLength: 300 }),
  )
  await fc.assert(
    fc.asyncProperty(changed, async (text) => {
      if (text.trim() === token) return
      const outcome = await check(`Bearer ${text}`).then(
        () => 'accepted',
        (error: unknown) => error,
      )
      assert.ok(outcome instanceof GuardError, `${String(outcome)} for ${JSON.stringify(text)}`)
      assert.ok(outcome.status === 401 || outcome.status === 400, String(outcome.status))
    }),
    { numRuns },
  )
}
