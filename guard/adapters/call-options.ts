// What the adapters have in common: how a call is read from a request, whatever the framework.

/** What the guard needs to know of an API to take tokens that are bound to a DPoP key or a certificate. */
export interface CallOptions<Request> {
  /**
   * Where callers reach the API, e.g. `https://orders.example`; several where it has several names. A path that a proxy
   * takes away before the request comes here belongs to it: `https://api.example/orders`.
   */
  origin: string | readonly string[]
  /** The thumbprint of the caller's certificate (RFC 8705 §3.1), where your TLS layer asks for one. */
  certificateThumbprint?: (request: Request) => string | undefined
}

/**
 * The addresses that a DPoP proof may name. They come from your configuration and the target of the request, never from
 * Host or X-Forwarded-Host: the caller chooses those.
 * @param target path and query as they were sent.
 */
export function addressesOf(origin: string | readonly string[], target: string): string[] {
  return [origin].flat().map((each) => each.replace(/\/$/, '') + target)
}

/** Every value of a header of a Node request: Node itself joins some repeats and drops others. @param name in lower case. */
export function rawValues(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index]
    // By length first: this loop runs on every request.
    if (candidate?.length === name.length && candidate.toLowerCase() === name)
      values.push(rawHeaders[index + 1] ?? '')
  }
  return values
}

/** All values of `Authorization` (RFC 6750 §2 allows one). */
export function authorizationIn(rawHeaders: readonly string[]): string | string[] | undefined {
  const values = rawValues(rawHeaders, 'authorization')
  return values.length < 2 ? values[0] : values
}
