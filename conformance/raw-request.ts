// Requests that no client library sends: written byte by byte to the socket.
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { type Answer, toAnswer } from './answer.ts'

export interface RawRequest {
  method?: string
  /** Every header in order, repeats too. `Host` is added unless it is here. */
  headers: readonly (readonly [name: string, value: string])[]
  body?: string
}

const answerMs = 10_000

/** Sends one request to a URL and reads one answer, even when the body announced never comes. */
export function sendRaw(url: string, request: RawRequest): Promise<Answer> {
  const { host, pathname, search } = new URL(url)
  const hasHost = request.headers.some(([name]) => name.toLowerCase() === 'host')
  const headers = [...(hasHost ? [] : [['Host', host] as const]), ...request.headers]
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const line = `${request.method ?? 'POST'} ${pathname}${search} HTTP/1.1\r\n`
  return exchange(url, `${line}${head}\r\n${request.body ?? ''}`)
}

const kept = new Agent({ keepAlive: true, maxSockets: 20 })

/** Sends a request without a body over connections that stay open, where its headers can be written by Node. */
export function sendKept(url: string, { method, headers }: Omit<RawRequest, 'body'>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method, headers: Object.fromEntries(headers), agent: kept },
      (response) => {
        const all = new Headers()
        for (const [name, value] of Object.entries(response.headers)) all.set(name, String(value))
        const finish = (text: string) => resolve(toAnswer(response.statusCode ?? 0, all, text))
        // A stream of events has no end to wait for.
        if (all.get('content-type')?.startsWith('text/event-stream')) {
          response.destroy()
          finish('')
        } else text(response).then(finish, reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** Writes a text to the server of a URL. @returns the first answer that comes back. */
export function exchange(url: string, bytes: string): Promise<Answer> {
  const { protocol, hostname, port } = new URL(url)
  const address = { host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) }
  const socket = protocol === 'https:' ? connectTls({ ...address, servername: hostname }) : connect(address)
  return new Promise((resolve, reject) => {
    let received = ''
    const finish = (ended: boolean) => {
      const answer = parseAnswer(received, ended)
      if (answer) {
        socket.destroy()
        resolve(answer)
      } else if (ended)
        reject(new Error(`The connection ended without an answer: ${JSON.stringify(received)}`))
    }
    socket.setTimeout(answerMs, () => socket.destroy(new Error('no answer in time')))
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      received += chunk
      finish(false)
    })
    socket.on('end', () => finish(true))
    socket.on('error', reject)
    socket.write(bytes, 'latin1')
  })
}

/** @returns undefined while something is missing. */
function parseAnswer(received: string, ended: boolean): Answer | undefined {
  const split = received.indexOf('\r\n\r\n')
  if (split === -1) return undefined
  const [statusLine = '', ...lines] = received.slice(0, split).split('\r\n')
  const headers = new Headers()
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  const body = received.slice(split + 4)
  const length = headers.get('content-length')
  const complete = length !== null ? body.length >= Number(length) : body.endsWith('0\r\n\r\n')
  if (!complete && !ended) return undefined
  return toAnswer(Number(statusLine.split(' ')[1]), headers, Buffer.from(body, 'latin1').toString('utf8'))
}
