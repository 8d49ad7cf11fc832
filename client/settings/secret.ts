/** A value that no log line, error or dump shows: it comes out by `reveal` only. */
export interface Secret {
  reveal: () => string
  toString: () => string
  toJSON: () => string
}

/** What stands in the place of a secret. */
export const masked = '****'
// Where Node's console.log and util.inspect look; a name that other runtimes ignore.
const inspect = Symbol.for('nodejs.util.inspect.custom')

export function wrapSecret(value: string): Secret {
  const show = () => masked
  return Object.freeze({ reveal: () => value, toString: show, toJSON: show, [inspect]: show })
}

/**
 * Replaces the secrets in a text that others wrote: a proxy or a server may repeat what it was sent.
 * A few characters are no secret, and masking them would show where they stand.
 */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= 8)
    .reduce((rest, secret) => rest.replaceAll(secret, masked), text)
}
