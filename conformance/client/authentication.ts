import type { IncomingMessage } from 'node:http'

/** How a token request said who sends it (RFC 6749 §2.3.1). */
export type AuthenticationMethod = 'basic' | 'body' | 'query' | 'none'

export interface PresentedAuthentication {
  method: AuthenticationMethod
  clientId?: string | undefined
  clientSecret?: string | undefined
}

/** Reads the credentials of a token request, wherever they stand. */
export function readAuthentication(request: IncomingMessage, body: string): PresentedAuthentication {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (basic !== undefined) {
    const [clientId = '', clientSecret = ''] = Buffer.from(basic, 'base64').toString().split(':')
    return { method: 'basic', clientId: decode(clientId), clientSecret: decode(clientSecret) }
  }
  const query = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams
  for (const [method, values] of [
    ['query', query],
    ['body', new URLSearchParams(body)],
  ] as const) {
    const clientSecret = values.get('client_secret')
    if (clientSecret !== null) return { method, clientId: values.get('client_id') ?? undefined, clientSecret }
  }
  return { method: 'none' }
}

/** Form-decoded where it was form-encoded, as it stands where it was not. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    return value
  }
}
