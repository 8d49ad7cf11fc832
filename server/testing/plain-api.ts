// An API that knows nothing of tokens: it tells what reached it. It stands behind a proxy that asks forward-auth.
import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { listenLocally } from './listen.ts'

/** What reached the API. */
export interface Reached {
  method: string
  url: string
  /** Every line as it came: name in lower case, value. */
  headers: [name: string, value: string][]
  bytes: number
  sha256: string
}

export interface PlainApi {
  port: number
  /** How many requests reached it. */
  reached: () => number
  close: () => Promise<void>
}

export async function startPlainApi(): Promise<PlainApi> {
  let reached = 0
  const server = createServer(async (incoming, response) => {
    reached += 1
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of incoming) {
      bytes += chunk.length
      hash.update(chunk)
    }
    const { rawHeaders, method = '', url = '' } = incoming
    const headers = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? '']] : [],
    )
    if (url === '/broken') response.statusCode = 500
    if (url === '/refused') response.statusCode = 401
    response.end(JSON.stringify({ method, url, headers, bytes, sha256: hash.digest('hex') }))
  })
  return {
    port: await listenLocally(server),
    reached: () => reached,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

export interface ProxyAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: string
  /** What reached the API; only of an answer of the API's. */
  reached: () => Reached
  /** The values that reached it under a name. */
  values: (name: string) => string[]
}

export interface ProxyCall {
  method?: string
  path?: string
  /** Lines exactly as they are sent, repeats included. */
  headers?: readonly (readonly [name: string, value: string])[]
  body?: Buffer
  /** Sends the body in chunks, without saying how long it is. */
  chunked?: boolean
}

/** Calls a proxy over TLS. @param authority the certificate that it is trusted by. */
export function callProxy(
  port: number,
  authority: string,
  { method = 'GET', path = '/orders', headers = [], body, chunked = false }: ProxyCall = {},
): Promise<ProxyAnswer> {
  const lines = [['host', 'orders.example'], ...headers]
  if (body) lines.push(chunked ? ['transfer-encoding', 'chunked'] : ['content-length', String(body.length)])
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, agent: false, ca: authority } as const
    const names = { servername: 'orders.example', headers: lines.flat() }
    const sent = request({ ...options, ...names }, async (answer) => {
      let text = ''
      for await (const chunk of answer.setEncoding('utf8')) text += chunk
      const reached = (): Reached => JSON.parse(text)
      const values = (name: string) =>
        reached().headers.flatMap(([each, value]) => (each === name ? [value] : []))
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text, reached, values })
    })
    sent.once('error', reject).end(body)
  })
}
