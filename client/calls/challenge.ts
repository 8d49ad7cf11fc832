// Reads the Bearer challenge of a refused call (RFC 6750 §3, RFC 9110 §11.6.1).

/** A parameter of the `WWW-Authenticate` header, quoted or not. */
export function challengeParameter(header: string, name: 'error' | 'scope'): string | undefined {
  // A quoted string is passed over whole: words inside one are not parameters.
  const parameters = header.matchAll(/([A-Za-z_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)
  for (const [, found, quoted, bare] of parameters) if (found?.toLowerCase() === name) return quoted ?? bare
  return undefined
}

/** True when the API refused the token itself: by `invalid_token`, or without saying anything. */
export function refusesToken({ status, headers }: Response): boolean {
  if (status !== 401) return false
  const header = headers.get('www-authenticate')
  return header === null || challengeParameter(header, 'error') === 'invalid_token'
}
