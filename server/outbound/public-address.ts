import ipaddr from 'ipaddr.js'

/** Addresses that look public and are not: they lead to the metadata of a cloud's machines. */
const metadata = new Set(['168.63.129.16'])

/**
 * True for an address of the public internet (IANA's registries of special-purpose addresses, RFC 6890).
 * Addresses that carry an IPv4 one (mapped, NAT64, 6to4, Teredo) are not: what they lead to is not what they say.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text) || text.includes('%')) return false
  const address = ipaddr.parse(text)
  if (metadata.has(address.toString()) || address.range() !== 'unicast') return false
  // RFC 4291 §2.4: of IPv6 only 2000::/3 is handed out so far.
  const [first = 0] = address.toByteArray()
  return address.kind() === 'ipv4' || first >> 5 === 1
}

/** True for an address of this machine alone. */
export function isLoopbackAddress(text: string): boolean {
  return ipaddr.isValid(text) && !text.includes('%') && ipaddr.parse(text).range() === 'loopback'
}
