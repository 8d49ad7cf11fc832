// Requests with DPoP proofs (RFC 9449), to any server: one that wants nonces gets them, one that does not goes without.
import { type DpopKey, dpopProof, makeDpopKey, sha256 } from '../server/testing/dpop.ts'
import type { Answer } from './answer.ts'
import { type GuardedCall, type Json, need, type Target } from './target.ts'
import { basic, callGuarded, firstScope, postToken, requestBody, type TokenPost } from './token-request.ts'

export { type DpopKey, makeDpopKey }

/** What a proof differs in from a good one; undefined: left out. */
export interface Wish {
  claims?: Json
  header?: Json
}

/** A token request with a proof; further values are further headers' values. */
export async function requestToken(
  target: Target,
  key: DpopKey,
  wish: Wish = {},
  post: TokenPost = {},
): Promise<Answer> {
  return postToken(target, {
    ...post,
    headers: { ...post.headers, dpop: await tokenProof(target, key, wish) },
  })
}

/** A proof for the token endpoint, with a fresh nonce. */
export async function tokenProof(
  target: Target,
  key: DpopKey,
  { claims, header }: Wish = {},
): Promise<string> {
  const nonce = await freshNonce(target)
  const good = { htm: 'POST', htu: target.tokenEndpoint, iat: seconds(target), nonce }
  return dpopProof(key, { ...good, ...claims }, header)
}

/** The nonce that the server wants now; undefined when it wants none. @throws {Lacking} without DPoP. */
export async function freshNonce(target: Target): Promise<string | undefined> {
  need(target.metadata.dpop_signing_alg_values_supported, 'DPoP in its metadata')
  const proof = dpopProof(makeDpopKey(), { htm: 'POST', htu: target.tokenEndpoint, iat: seconds(target) })
  const answer = await postToken(target, { headers: { dpop: proof } })
  return answer.headers.get('dpop-nonce') ?? undefined
}

/** A token that is bound to this key. */
export async function getBoundToken(
  target: Target,
  key: DpopKey,
  scope = firstScope(target),
): Promise<string> {
  const answer = await requestToken(target, key, {}, { body: requestBody(scope) })
  const token = answer.body.access_token
  if (answer.status === 200 && typeof token === 'string') return token
  throw new Error(`No bound token: ${answer.status} ${answer.text}`)
}

/** Calls an API with a bound token; a server that wants a nonce gets it at the second try. */
export async function callBound(
  target: Target,
  call: GuardedCall,
  token: string,
  key: DpopKey,
  { claims, header }: Wish = {},
  scheme = 'DPoP',
): Promise<Answer> {
  const good = { htm: call.method, htu: call.url, iat: seconds(target), ath: sha256(token) }
  const send = async (nonce: string | null) => {
    const proof = dpopProof(key, { ...good, ...(nonce !== null && { nonce }), ...claims }, header)
    return callGuarded(call, `${scheme} ${token}`, { dpop: proof })
  }
  const first = await send(null)
  const nonce = first.headers.get('dpop-nonce')
  return first.status === 401 && nonce !== null ? send(nonce) : first
}

export function seconds(target: Target): number {
  return Math.floor(target.now() / 1000)
}

/** Basic of the client whose tokens are always bound. */
export function boundClient({ clients }: Target): string {
  return basic(need(clients?.dpopBound, 'client whose tokens are always bound to a DPoP key'))
}
