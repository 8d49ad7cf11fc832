import type { LoadOrder } from '../load/order.ts'

/**
 * Sends one request of the load before it begins: every candidate must answer with a JWT signed by ES256
 * for the scope that was asked for, or the comparison would be of different things.
 */
export async function checkFirstAnswer(
  name: string,
  { url, method, requests: [first] }: Omit<LoadOrder, 'connections' | 'seconds'>,
  scope: string,
): Promise<void> {
  if (!first) throw new Error('There is no request to send.')
  const answer = await fetch(url, { method, headers: first.headers, body: first.body ?? null })
  const text = await answer.text()
  const body: { access_token?: string; scope?: string; token_type?: string } = answer.ok
    ? JSON.parse(text)
    : {}
  const [header = '', claims = '', signature = ''] = body.access_token?.split('.') ?? []
  const { alg }: { alg?: string } = readPart(header)
  const { scope: granted }: { scope?: string } = readPart(claims)
  // RFC 7518 §3.4: 64 bytes.
  if (alg === 'ES256' && granted === scope && signature.length === 86) return
  throw new Error(`${name} answers ${answer.status} and no such token: ${text.slice(0, 300)}`)
}

function readPart(part: string) {
  return part === '' ? {} : JSON.parse(Buffer.from(part, 'base64url').toString())
}
