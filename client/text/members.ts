// Reads JSON that others wrote, a member at a time.

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

/** A member as a line of text for people: without control characters, of bounded length. */
export function textMember(value: unknown, name: string): string | undefined {
  const text = member(value, name)
  return typeof text === 'string' ? cleanText(text) : undefined
}

export function cleanText(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 1000)
}
