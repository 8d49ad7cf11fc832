// Verifies webhooks by Standard Webhooks: https://www.standardwebhooks.com
import { LatchkeyError } from '../errors.ts'
import { fromBase64, utf8 } from '../text/encoding.ts'

/** A webhook as it came. */
export interface ReceivedWebhook {
  /** The body exactly as it came, before anything parses it: one changed space, and the signature does not fit. */
  body: string | Uint8Array
  /** `Headers`, or the headers of a Node request. */
  headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  /** The secret of the endpoint (`whsec_…`); while it is rotated, the old and the new one. */
  secret: string | readonly string[]
  /** How old it may be, and how far in the future. Default 300. */
  toleranceSeconds?: number | undefined
  /** The wall clock in milliseconds. */
  now?: (() => number) | undefined
}

/** A webhook that is genuine. */
export interface VerifiedWebhook {
  /** The same for each attempt of one delivery: use it to handle each once. */
  id: string
  sentAt: Date
  /** The body, parsed as JSON. */
  payload: unknown
}

/** The webhook is not genuine, or too old: answer 400 and do nothing. */
export class WebhookError extends LatchkeyError {
  override readonly name = 'WebhookError'
}

/**
 * Verifies that a webhook comes from Latchkey, is whole and is of now.
 *
 * @throws {WebhookError} when it is not.
 * @throws {TypeError} when `secret` is none.
 *
 * @example
 * const { payload } = await verifyWebhook({ body: await request.text(), headers: request.headers, secret })
 */
export async function verifyWebhook(webhook: ReceivedWebhook): Promise<VerifiedWebhook> {
  const { toleranceSeconds = 300, now = Date.now } = webhook
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    headerOf(webhook.headers, `webhook-${name}`),
  )
  if (!id || !timestamp || !signatures)
    throw new WebhookError('It lacks one of webhook-id, webhook-timestamp and webhook-signature.')
  const sentAtMs = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN
  if (!(Math.abs(now() - sentAtMs) <= toleranceSeconds * 1000))
    throw new WebhookError('Its webhook-timestamp is not of now. Is the clock right?')
  const body = typeof webhook.body === 'string' ? utf8(webhook.body) : webhook.body
  const signed = new Uint8Array([...utf8(`${id}.${timestamp}.`), ...body])
  const keys = await Promise.all([webhook.secret].flat().map(importSecret))
  if (!(await isSignedByOne(keys, signatures, signed)))
    throw new WebhookError(
      'No webhook-signature fits. Is the body as it came, and the secret that of this endpoint?',
    )
  return { id, sentAt: new Date(sentAtMs), payload: parse(body) }
}

/** Several signatures stand there while the secret is rotated. */
async function isSignedByOne(
  keys: readonly CryptoKey[],
  signatures: string,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const candidates = signatures.split(' ').flatMap((text) => {
    const [version, signature = ''] = text.split(',')
    // Another version is another way to sign.
    return version === 'v1' && /^[A-Za-z0-9+/]{43}=$/.test(signature) ? fromBase64(signature) : []
  })
  // WebCrypto compares in constant time.
  for (const key of keys)
    for (const signature of candidates)
      if (await crypto.subtle.verify('HMAC', key, signature, signed)) return true
  return false
}

async function importSecret(secret: string): Promise<CryptoKey> {
  const base64 = secret.replace(/^whsec_/, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    throw new TypeError('secret must be the secret of a webhook endpoint: whsec_ and Base64.')
  const kind = { name: 'HMAC', hash: 'SHA-256' }
  return crypto.subtle.importKey('raw', fromBase64(base64), kind, false, ['verify'])
}

function headerOf(headers: ReceivedWebhook['headers'], name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  return typeof found === 'string' ? found : undefined
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    throw new WebhookError('Its body is not JSON.')
  }
}
