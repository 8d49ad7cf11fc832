import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Whether an address of a connection is that of a proxy whose headers are believed. */
export type IsTrustedProxy = (address: string | undefined) => boolean

/** @param trustedProxies addresses or CIDR ranges, as the settings name them. */
export function trustedProxyCheck(trustedProxies: readonly string[]): IsTrustedProxy {
  const networks = trustedProxies.map((network) =>
    ipaddr.parseCIDR(network.includes('/') ? network : `${network}/${isIP(network) === 6 ? 128 : 32}`),
  )
  return (address) => {
    if (address === undefined || !ipaddr.isValid(address)) return false
    const parsed = ipaddr.process(address)
    return networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits))
  }
}
