import ipaddr from 'ipaddr.js'

/** True for an address that never leaves this machine, also in its IPv6 spelling. */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}
