import { asObject } from './answer.ts'
import type { Discovered } from './target.ts'

/**
 * Finds the metadata of a server from its issuer, or from any base URL of it.
 * @throws {Error} when there is none, or it lacks what the suite cannot do without.
 */
export async function discover(base: string): Promise<Discovered> {
  const tried: string[] = []
  for (const metadataUrl of candidates(new URL(base))) {
    const found = await readMetadata(metadataUrl)
    if (found) return found
    tried.push(metadataUrl)
  }
  throw new Error(`No metadata (RFC 8414) with issuer, token_endpoint and jwks_uri at ${tried.join(' or ')}.`)
}

/** RFC 8414 §3.1: the well-known part comes before the issuer's path. RFC 8414 §5: OpenID Connect appends it. */
function candidates({ origin, pathname }: URL): string[] {
  const path = pathname.replace(/\/$/, '')
  const urls = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]
  // An origin alone: also the issuer that we have by default.
  return path === '' ? [...urls, `${origin}/.well-known/oauth-authorization-server/oauth`] : urls
}

async function readMetadata(metadataUrl: string): Promise<Discovered | undefined> {
  const answer = await fetch(metadataUrl, { headers: { accept: 'application/json' } })
  const text = await answer.text()
  if (!answer.ok) return undefined
  const metadata = asObject(parse(text))
  const { issuer, token_endpoint: tokenEndpoint, jwks_uri: jwksUri } = metadata
  if (typeof issuer !== 'string' || typeof tokenEndpoint !== 'string' || typeof jwksUri !== 'string')
    return undefined
  return { metadataUrl, metadata, issuer, tokenEndpoint, jwksUri }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
