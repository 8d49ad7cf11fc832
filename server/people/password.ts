import { Problem } from '../vocabulary/problem.ts'

/** How long a password is. Length is what makes it strong (NIST SP 800-63B §3.1.1.2: no rules of composition). */
export const passwordLength = { min: 12, max: 256 } as const

/**
 * What makes a password one that others would try first.
 * @param known what is known of the person: address, name, company.
 */
export function weaknessOf(password: string, known: readonly string[]): string | undefined {
  const lower = password.toLowerCase()
  const distinct = new Set(lower).size
  const names = known
    .flatMap((text) => [text.toLowerCase(), text.toLowerCase().split('@')[0] ?? ''])
    .filter((text) => text.length >= 4)
  const letters = lower.replace(/[^a-z]/g, '')
  if (distinct < 5) return 'uses too few different characters'
  if (names.some((name) => lower.replace(name, '').length < 6))
    return 'is hardly more than the address or the name'
  return /^(password|passwort|qwerty|letmein|welcome|latchkey|admin)+$/.test(letters) || isSequence(lower)
    ? 'is among the first that anybody would try'
    : undefined
}

/** @throws {Problem} `invalid_request` at `password`: others would try it first. */
export function refuseWeakPassword(password: string, known: readonly string[], field = 'password'): void {
  const reason = weaknessOf(password, known)
  if (reason === undefined) return
  throw new Problem('invalid_request', `The password ${reason}. Choose another one.`, {
    members: { errors: [{ field: `body.${field}`, message: `${reason}. Choose another one.` }] },
  })
}

/** `123456789012`, `abcdefghijkl`: each character follows the one before, but for a step or two. */
function isSequence(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0)
  const breaks = codes.filter((code, index) => index > 0 && ![0, 1].includes(code - (codes[index - 1] ?? 0)))
  return breaks.length <= 2
}
