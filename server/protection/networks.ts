// What stands for a caller in a count: not each address of a range that one line is given.
import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'

export interface Origin {
  /** The address; of IPv6 its /64, which is one line. */
  address: string
  /** Its neighbourhood: the /24, of IPv6 the /56. */
  network: string
}

/** Where a request comes from. An IPv4 address in IPv6 spelling is that IPv4 address. */
export function originOf(address: string): Origin {
  if (!ipaddr.isValid(address)) return { address: 'unknown', network: 'unknown' }
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv6) {
    const [a = 0, b = 0, c = 0, d = 0] = parsed.parts
    const write = (fourth: number, bits: number) =>
      `${[a, b, c, fourth].map((part) => part.toString(16)).join(':')}::/${bits}`
    return { address: write(d, 64), network: write(d & 0xff00, 56) }
  }
  return { address: parsed.toString(), network: `${parsed.octets.slice(0, 3).join('.')}.0/24` }
}

/** A short name for texts of any length and content, as others send them. */
export function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)
}
