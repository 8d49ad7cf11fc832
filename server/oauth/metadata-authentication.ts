import { assertionAlgorithms } from '../clients/public-keys.ts'
import type { ClientAuthenticationMethod } from './client-authentication/method.ts'

/**
 * How clients authenticate at an endpoint (RFC 8414 §2): the methods, and with assertions their algorithms.
 * @param endpoint `token`, `introspection` or `revocation`.
 */
export function describeAuthentication(
  endpoint: string,
  methods: readonly ClientAuthenticationMethod[],
): Record<string, readonly string[]> {
  const names = methods.flatMap((method) => method.names)
  return {
    [`${endpoint}_endpoint_auth_methods_supported`]: names,
    ...(names.includes('private_key_jwt') && {
      [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: assertionAlgorithms,
    }),
  }
}

/**
 * Where callers with a certificate turn to (RFC 8705 §5): every endpoint again, at the origin that asks for
 * it, so that a browser at the other one is never asked.
 */
export function describeMutualTls(
  metadata: Readonly<Record<string, unknown>>,
  publicUrl: string,
  mtlsUrl: string | undefined,
): Record<string, unknown> {
  if (mtlsUrl === undefined) return {}
  const aliases = Object.entries(metadata).flatMap(([name, address]) =>
    name.endsWith('_endpoint') && typeof address === 'string'
      ? [[name, mtlsUrl + address.slice(publicUrl.length)]]
      : [],
  )
  return {
    mtls_endpoint_aliases: Object.fromEntries(aliases),
    // RFC 8705 §3.3.
    tls_client_certificate_bound_access_tokens: true,
  }
}
