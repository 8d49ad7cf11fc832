// From where a client may call: ranges of addresses in one spelling, none of which says everything or nothing.
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** How many ranges a client may have. */
export const networksLimit = 50

interface Range {
  family: 'ipv4' | 'ipv6'
  first: bigint
  last: bigint
}

const bits = { ipv4: 32, ipv6: 128 }

/** All addresses that a caller can have: who allows these allows everybody (RFC 6890, RFC 4291 §2.4). */
const everybody: readonly Range[] = [
  { family: 'ipv4', first: number('1.0.0.0'), last: number('223.255.255.255') },
  { family: 'ipv6', first: number('2000::'), last: number('3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff') },
]

/**
 * Addresses and CIDR ranges as they are stored: always with their length, IPv6 shortened (RFC 5952), each once.
 * @returns what is wrong, a sentence each with the place in the list; then the list is of no use.
 */
export function readNetworks(texts: readonly string[]): { networks: string[]; errors: string[] } {
  const networks = new Set<string>()
  const errors: string[] = []
  if (texts.length > networksLimit) errors.push(`allowedNetworks: at most ${networksLimit} ranges.`)
  for (const [index, text] of texts.slice(0, networksLimit).entries()) {
    const read = readNetwork(text)
    if ('network' in read) networks.add(read.network)
    else errors.push(`allowedNetworks.${index}: ${read.error}`)
  }
  if (errors.length === 0 && allowsEverybody([...networks])) {
    errors.push(
      'allowedNetworks: together they allow every address. Leave the list empty to allow calls from everywhere, or name the networks that you call from.',
    )
  }
  return { networks: [...networks], errors }
}

function readNetwork(text: string): { network: string } | { error: string } {
  const [, address = '', lengthText] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  // Node refuses what could be read in two ways, e.g. 010.0.0.1; a zone says nothing of who calls.
  if (isIP(address) === 0 || address.includes('%'))
    return { error: 'it is no IP address or CIDR range such as 192.0.2.0/24 or 2001:db8::/32.' }
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
  const length = lengthText === undefined ? bits[family] : Number(lengthText)
  if (length > bits[family]) return { error: `the length of such a range is ${bits[family]} at most.` }
  if (length === 0) {
    return {
      error:
        'it allows every address. Leave the list empty to allow calls from everywhere, or name the networks that you call from.',
    }
  }
  const value = number(address)
  const size = 1n << BigInt(bits[family] - length)
  const first = value - (value % size)
  if (first !== value) {
    const right = `${spell(first, family)}/${length}`
    return {
      error: `its address is not the first of its range. Write ${right} for the range, or ${spell(value, family)} for this address alone.`,
    }
  }
  // RFC 4291 §2.5.5.2: an IPv4 address in another dress is the same caller.
  if (family === 'ipv6' && length >= 96 && value >> 32n === 0xffffn)
    return { network: `${spell(value & 0xffff_ffffn, 'ipv4')}/${length - 96}` }
  return { network: `${spell(value, family)}/${length}` }
}

/** True when ranges together leave out nobody of a family. */
function allowsEverybody(networks: readonly string[]): boolean {
  const ranges = networks.map(rangeOf).toSorted((one, other) => (one.first < other.first ? -1 : 1))
  return everybody.some(({ family, first, last }) => {
    let next = first
    for (const range of ranges)
      if (range.family === family && range.first <= next && range.last >= next) next = range.last + 1n
    return next > last
  })
}

function rangeOf(network: string): Range {
  const [address = '', length = '0'] = network.split('/')
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
  const first = number(address)
  return { family, first, last: first + (1n << BigInt(bits[family] - Number(length))) - 1n }
}

function number(address: string): bigint {
  return ipaddr
    .parse(address)
    .toByteArray()
    .reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

function spell(value: bigint, family: Range['family']): string {
  const bytes = Array.from({ length: bits[family] / 8 }, (_, index) =>
    Number((value >> BigInt(bits[family] - 8 * (index + 1))) & 0xffn),
  )
  return ipaddr.fromByteArray(bytes).toString()
}
