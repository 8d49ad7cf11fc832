import type { ClientCertificate } from '../http/client-certificate.ts'

/** A request at an endpoint that authenticates clients, as the pipeline reads it. */
export interface TokenRequest {
  /** The IP address of the caller, past the proxies that we trust. */
  address: string
  /** The value of the only `Authorization` header. */
  authorization: string | undefined
  /** The form's parameters; empty values are absent (RFC 6749 §3.2). */
  parameters: ReadonlyMap<string, string>
  /** Where the token is to be used, as asked for (RFC 8707 §2); may be empty. */
  resources: readonly string[]
  /** The values of the `DPoP` header (RFC 9449 §4.1); more than one is an error that the proof check reports. */
  dpopProofs: readonly string[]
  /** The certificate of the caller's TLS connection, from a proxy that we trust (RFC 9440). */
  certificate: ClientCertificate | undefined
}
