import type { X509Certificate } from 'node:crypto'

/**
 * True when one of these authorities issued the certificate, and both are valid now (RFC 5280 §6.1). They
 * are all trusted: an intermediate authority is named beside its root, or alone.
 */
export function isIssuedBy(
  certificate: X509Certificate,
  authorities: readonly X509Certificate[],
  nowMs: number,
): boolean {
  return (
    isValidAt(certificate, nowMs) &&
    isForClients(certificate) &&
    authorities.some(
      (authority) =>
        // `checkIssued` compares names, key ids and key usage; the signature is `verify`'s.
        authority.ca &&
        isValidAt(authority, nowMs) &&
        certificate.checkIssued(authority) &&
        certificate.verify(authority.publicKey),
    )
  )
}

function isValidAt({ validFromDate, validToDate }: X509Certificate, nowMs: number): boolean {
  return validFromDate.getTime() <= nowMs && nowMs <= validToDate.getTime()
}

/** RFC 5280 §4.2.1.12: with extended key usages, one of them is client authentication, or any. */
function isForClients({ keyUsage }: X509Certificate): boolean {
  const usages: readonly string[] | undefined = keyUsage
  return usages === undefined || usages.includes('1.3.6.1.5.5.7.3.2') || usages.includes('2.5.29.37.0')
}
