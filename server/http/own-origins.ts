import type { Deprecation } from './deprecated-hosts.ts'

interface Addresses {
  publicUrl: string
  deprecated: Deprecation | undefined
  mtlsUrl: string | undefined
}

/**
 * Where callers reach us, by the settings and never by a Host header: the public URL, the same with a deprecated
 * host name, and the origin that asks for client certificates.
 */
export function ownOrigins({ publicUrl, deprecated, mtlsUrl }: Addresses): readonly string[] {
  const former = (deprecated?.hosts ?? []).map((host) => {
    const url = new URL(publicUrl)
    url.hostname = host
    return url.origin
  })
  return [publicUrl, ...former, ...(mtlsUrl === undefined ? [] : [mtlsUrl])]
}
