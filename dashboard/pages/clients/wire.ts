// A request of the browser itself, written down as it goes over the wire; credentials are shortened in what is shown.

export interface WireRequest {
  method: 'GET' | 'POST'
  /** On this server. */
  path: string
  headers: Readonly<Record<string, string>>
  body?: string
}

export interface Exchange {
  /** As it went, for people. */
  request: string
  answer: string
  status: number
  durationMs: number
  requestId: string | undefined
  /** The body as JSON, where it is some. */
  body: unknown
}

/** @throws {TypeError} when no answer comes. */
export async function exchange(wish: WireRequest): Promise<Exchange> {
  const startedAt = performance.now()
  // Neither the session of whoever looks at this page, nor anything that an earlier call left.
  const response = await fetch(wish.path, {
    method: wish.method,
    headers: { ...wish.headers },
    ...(wish.body !== undefined && { body: wish.body }),
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
  })
  const text = await response.text()
  const durationMs = Math.max(1, Math.round(performance.now() - startedAt))
  const body = parsed(text)
  return {
    request: requestText(wish),
    answer: answerText(response, text, body),
    status: response.status,
    durationMs,
    requestId: response.headers.get('request-id') ?? undefined,
    body,
  }
}

/** RFC 6749 §2.3.1: both are encoded as in a form before they are joined. */
export function basicAuthorization(clientId: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return `Basic ${btoa(`${encode(clientId)}:${encode(secret)}`)}`
}

function requestText({ method, path, headers, body }: WireRequest): string {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${window.location.host}`]
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${masked(name, value)}`)
  return body === undefined ? lines.join('\n') : `${lines.join('\n')}\n\n${body}`
}

function answerText(response: Response, text: string, body: unknown): string {
  const lines = [`HTTP/1.1 ${response.status} ${response.statusText}`.trim()]
  for (const [name, value] of response.headers) lines.push(`${name}: ${value}`)
  const shown = body === undefined ? text : JSON.stringify(body, shortenToken, 2)
  return shown === '' ? lines.join('\n') : `${lines.join('\n')}\n\n${shown}`
}

function masked(name: string, value: string): string {
  if (name.toLowerCase() !== 'authorization') return value
  const [scheme = '', credential = ''] = value.split(' ')
  return `${scheme} ${scheme === 'Basic' ? '••••••••' : short(credential)}`
}

function shortenToken(name: string, value: unknown): unknown {
  return name === 'access_token' && typeof value === 'string' ? short(value) : value
}

/** Enough to tell one from another, too little to use. */
function short(token: string): string {
  return `${token.slice(0, 12)}…${token.slice(-4)}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
