// How one setting's text becomes a value. Each parser answers undefined for what it does not allow.
import ipaddr from 'ipaddr.js'

export function parseInteger(min: number, max: number) {
  return (text: string): number | undefined => {
    if (!/^\d{1,9}$/.test(text)) return undefined
    const value = Number(text)
    return value >= min && value <= max ? value : undefined
  }
}

export function parseOneOf<const T extends string>(allowed: readonly T[]) {
  return (text: string): T | undefined => allowed.find((value) => value === text)
}

/** True for names and addresses that never leave this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return (
    bare === 'localhost' ||
    bare === '::1' ||
    (ipaddr.IPv4.isValidFourPartDecimal(bare) && bare.startsWith('127.'))
  )
}

/**
 * An origin such as `https://api.example` (RFC 6454). Plain http only on loopback: RFC 8414 §2
 * wants an https issuer, and a token over plain http is a token given away.
 */
export function parseOrigin(text: string): string | undefined {
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined
  if (url.username || url.password || url.search || url.hash || url.pathname !== '/') return undefined
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return undefined
  return url.origin
}

export function parsePostgresUrl(text: string): string | undefined {
  const url = URL.parse(text)
  return url && (url.protocol === 'postgres:' || url.protocol === 'postgresql:') ? text : undefined
}

/** Redis or Valkey; `rediss:` is TLS. */
export function parseRedisUrl(text: string): string | undefined {
  const url = URL.parse(text)
  return url && (url.protocol === 'redis:' || url.protocol === 'rediss:') && url.hostname !== ''
    ? text
    : undefined
}

/** 32 bytes as 43 characters of base64url (or base64), or 64 of hex. */
export function parseMasterKey(text: string): Buffer | undefined {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex')
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64')
  return undefined
}

/** `unix:///run/signer.sock` as the path of the socket. Linux takes 107 bytes of it. */
export function parseUnixSocket(text: string): string | undefined {
  const path = /^unix:\/\/(\/.+)$/.exec(text)?.[1]
  return path !== undefined && Buffer.byteLength(path) <= 107 ? path : undefined
}

/** Host names, comma-separated, lower-cased; a port is not part of it. */
export function parseHosts(text: string): string[] | undefined {
  const hosts = splitList(text).map((host) => host.toLowerCase())
  const valid = hosts.every((host) => /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(host))
  return valid && hosts.length > 0 ? hosts : undefined
}

/** `YYYY-MM-DD` as milliseconds at 00:00 UTC. */
export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const at = Date.parse(`${text}T00:00:00Z`)
  // 2026-02-31 parses as March in some engines: it must come back as it went in.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? undefined : at
}

/** IP addresses and CIDR ranges, comma-separated. */
export function parseNetworks(text: string): string[] | undefined {
  const networks = splitList(text)
  const valid = networks.every((network) =>
    network.includes('/') ? ipaddr.isValidCIDR(network) : ipaddr.isValid(network),
  )
  return valid && networks.length > 0 ? networks : undefined
}

/** A mail address or an https link. */
export function parseSupport(text: string): string | undefined {
  if (/^[^\s@<>"'&]+@[^\s@<>"'&]+\.[^\s@<>"'&]+$/.test(text)) return text
  const url = URL.parse(text)
  return url?.protocol === 'https:' || url?.protocol === 'mailto:' ? url.href : undefined
}

export function parseSmtpUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url && /^smtps?:$/.test(url.protocol) && url.hostname !== '' ? text : undefined
}

export function parseMailFrom(text: string): string | undefined {
  return /^(?:[^<>\r\n"]{1,100} <[^<>@\s"]+@[^<>@\s"]+>|[^<>@\s"]+@[^<>@\s"]+)$/.test(text) ? text : undefined
}

export function parseText(text: string): string | undefined {
  return text
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
