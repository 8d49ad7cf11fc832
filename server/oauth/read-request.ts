import { onlyAuthorization } from '../http/authorization.ts'
import type { ReadClientCertificate } from '../http/client-certificate.ts'
import { parseFormBody } from '../http/form-body.ts'
import { rawValues } from '../http/raw-headers.ts'
import type { HttpRequest } from '../http/server.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import type { TokenRequest } from './token-request.ts'

/** RFC 8707 §2: the one parameter that may be sent more than once. */
const repeatable = new Set(['resource'])

/**
 * Reads a form request at an endpoint that authenticates clients.
 * @throws {OAuthError} `invalid_request` for what is no such form.
 */
export function readTokenRequest(request: HttpRequest, readCertificate: ReadClientCertificate): TokenRequest {
  refuseSecretInAddress(request.url)
  const body = Buffer.isBuffer(request.body) ? request.body : undefined
  const { parameters, repeated } = parseFormBody(request.headers['content-type'], body, repeatable)
  return {
    address: request.ip,
    authorization: onlyAuthorization(request),
    parameters,
    resources: repeated.get('resource') ?? [],
    dpopProofs: request.headers.dpop === undefined ? [] : rawValues(request.raw.rawHeaders, 'dpop'),
    certificate: readCertificate(request),
  }
}

/** Reads a GET request that authenticates by headers or certificate alone; it has no form. */
export function readHeaderRequest(
  request: HttpRequest,
  readCertificate: ReadClientCertificate,
): TokenRequest {
  refuseSecretInAddress(request.url)
  return {
    address: request.ip,
    authorization: onlyAuthorization(request),
    parameters: new Map(),
    resources: [],
    dpopProofs: [],
    certificate: readCertificate(request),
  }
}

function refuseSecretInAddress(url: string): void {
  // RFC 6749 §2.3.1: never in the address, where proxies and logs would keep it.
  if (!url.includes('?') || !new URL(url, 'http://x').searchParams.has('client_secret')) return
  throw new OAuthError(
    'invalid_request',
    'The client_secret is in the address. Send it by HTTP Basic, and rotate it: addresses are logged on the way.',
  )
}
