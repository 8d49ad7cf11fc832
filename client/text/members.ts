// Reads JSON that others wrote, a member at a time.
import { masked, redact } from '../settings/secret.ts'

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A member of an object; undefined when it is absent or the value is no object. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Reflect.get(value, name)
}

/** A member as a line of text for people: without control characters and credentials, of bounded length. */
export function textMember(
  value: unknown,
  name: string,
  secrets: readonly string[] = [],
): string | undefined {
  const text = member(value, name)
  return typeof text === 'string' ? cleanText(text, secrets) : undefined
}

/** What a credential looks like, ours or the token of anybody: whoever repeats what he was sent repeats one. */
const credentials = /eyJ[\w-]+\.[\w.-]+|lk_(?:test|prod)_[\w-]+/g

/** Masked before it is cut: a half of a secret is one, too. */
export function cleanText(text: string, secrets: readonly string[] = []): string {
  return redact(text, secrets)
    .replace(credentials, masked)
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 1000)
}
