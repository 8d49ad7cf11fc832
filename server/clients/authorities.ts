// The authorities that may issue a client's certificate (RFC 8705 §2.1), as they are registered: PEM.
import { X509Certificate } from 'node:crypto'

const authorityBlocks = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g

const read = new Map<string, readonly X509Certificate[]>()
const readLimit = 1000

/** The certificates in a PEM text. @throws {Error} when one is broken. */
export function readAuthorities(pem: string): readonly X509Certificate[] {
  const known = read.get(pem)
  if (known) return known
  const authorities = (pem.match(authorityBlocks) ?? []).map((block) => new X509Certificate(block))
  if (read.size >= readLimit) read.clear()
  read.set(pem, authorities)
  return authorities
}

/** True for a PEM text that holds certificates of authorities, and nothing broken. */
export function isAuthorityList(pem: string): boolean {
  try {
    const authorities = readAuthorities(pem)
    return authorities.length > 0 && authorities.every((authority) => authority.ca)
  } catch {
    return false
  }
}
