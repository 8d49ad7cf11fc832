/**
 * What stands behind `Basic ` (RFC 7617), with id and secret form-encoded before Base64 as RFC 6749 §2.3.1
 * says: a colon, a space or an umlaut in either arrives as it was.
 */
export function basicCredentials(clientId: string, secret: string): string {
  return btoa(`${formEncode(clientId)}:${formEncode(secret)}`)
}

/** A value of `application/x-www-form-urlencoded`. */
export function formEncode(value: string): string {
  return new URLSearchParams({ '': value }).toString().slice(1)
}
