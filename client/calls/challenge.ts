// Reads the challenge of a refused call (RFC 6750 §3, RFC 9449 §7.1, RFC 9110 §11.6.1).

/** A parameter of the `WWW-Authenticate` header, quoted or not. */
export function challengeParameter(header: string | null, name: 'error' | 'scope'): string | undefined {
  // A quoted string is passed over whole: words inside one are not parameters.
  const parameters = (header ?? '').matchAll(/([A-Za-z_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)
  for (const [, found, quoted, bare] of parameters) if (found?.toLowerCase() === name) return quoted ?? bare
  return undefined
}

/** True when the API refused the token itself: by `invalid_token`, or without saying anything. */
export function refusesToken(status: number, challenge: string | null): boolean {
  return status === 401 && (challenge === null || challengeParameter(challenge, 'error') === 'invalid_token')
}
