import { BlockList } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Client } from './client.ts'

type WithNetworks = Pick<Client, 'allowedNetworks'>

/** Read once for each list: a client in memory keeps its list. */
const read = new WeakMap<readonly string[], BlockList>()

/** Whether a client may call from an address; without a list it may from everywhere. */
export function mayCallFrom({ allowedNetworks }: WithNetworks, address: string): boolean {
  if (allowedNetworks.length === 0) return true
  if (!ipaddr.isValid(address)) return false
  let networks = read.get(allowedNetworks)
  if (!networks) {
    networks = readNetworks(allowedNetworks)
    read.set(allowedNetworks, networks)
  }
  // An IPv4 address in IPv6 spelling (RFC 4291 §2.5.5.2) is that IPv4 address.
  const parsed = ipaddr.process(address)
  return networks.check(parsed.toString().replace(/%.*$/, ''), parsed.kind())
}

/** What cannot be read lets nobody in: a list that was meant to narrow never opens. */
function readNetworks(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const network = readRange(range)
    if (network) list.addSubnet(network.address, network.bits, network.family)
  }
  return list
}

function readRange(range: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | undefined {
  const text = range.trim()
  if (!text.includes('/')) {
    if (!ipaddr.isValid(text)) return undefined
    const address = ipaddr.process(text)
    const family = address.kind()
    return { address: address.toString(), bits: family === 'ipv4' ? 32 : 128, family }
  }
  if (!ipaddr.isValidCIDR(text)) return undefined
  const [address, bits] = ipaddr.parseCIDR(text)
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96)
    return { address: address.toIPv4Address().toString(), bits: bits - 96, family: 'ipv4' }
  return { address: address.toString(), bits, family: address.kind() }
}
