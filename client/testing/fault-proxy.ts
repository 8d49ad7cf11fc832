// A real reverse proxy in front of the real server: it counts what passes, and puts in the faults that a
// test asks for.
import { once } from 'node:events'
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { text } from 'node:stream/consumers'

/** A request as it came over the wire. */
export interface Seen {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: string
}

/** What happens to a request: undefined lets it pass. */
export type Fault =
  | { answer: Answer }
  /** Passed on; what the server answered is changed. */
  | { change: (body: string) => string }
  /** Passed on when this is done. */
  | { after: Promise<unknown> }
  | 'cut the connection'
  | undefined

export interface FaultProxy {
  url: string
  seen: Seen[]
  /** Requests whose caller went away before the answer. */
  abandoned: () => number
  tokenRequests: () => number
  apiCalls: () => number
  /** Decides on each request; the test replaces it. */
  fault: (seen: Seen) => Fault
  /** Lets everything pass again and forgets what was seen. */
  reset: () => void
  /** Another server behind it. */
  passTo: (upstream: string) => void
  close: () => Promise<void>
}

export const tokenPath = '/oauth/connect/token'

export async function startFaultProxy(firstUpstream: string): Promise<FaultProxy> {
  let upstream = firstUpstream
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  let abandoned = 0
  const server = createServer(async (incoming, outgoing) => {
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) abandoned += 1
    })
    const seen: Seen = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: await text(incoming),
    }
    proxy.seen.push(seen)
    const fault = proxy.fault(seen)
    if (fault === 'cut the connection') return void incoming.socket.destroy()
    if (fault && 'answer' in fault) return send(outgoing, fault.answer)
    if (fault && 'after' in fault) await fault.after
    if (outgoing.destroyed) return
    const real = await passOn(seen, upstream, agent)
    const body = await text(real)
    const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...headers } = real.headers
    outgoing.writeHead(real.statusCode ?? 502, headers)
    outgoing.end(fault && 'change' in fault ? fault.change(body) : body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    seen: [],
    abandoned: () => abandoned,
    tokenRequests: () => proxy.seen.filter(({ path }) => path === tokenPath).length,
    apiCalls: () => proxy.seen.filter(({ path }) => path !== tokenPath).length,
    fault: () => undefined,
    reset() {
      proxy.seen = []
      proxy.fault = () => undefined
      abandoned = 0
    },
    passTo(next) {
      upstream = next
    },
    async close() {
      server.closeAllConnections()
      server.close()
      agent.destroy()
      await once(server, 'close')
    },
  }
  return proxy
}

function send(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  outgoing.writeHead(status, headers)
  outgoing.end(body)
}

async function passOn(seen: Seen, upstream: string, agent: Agent): Promise<IncomingMessage> {
  const { host: _, 'transfer-encoding': __, connection: ___, ...headers } = seen.headers
  const call = request(new URL(seen.path, upstream), { method: seen.method, headers, agent })
  call.end(seen.body)
  const [answer]: [IncomingMessage] = await new Promise((resolve, reject) => {
    call.once('response', (response) => resolve([response]))
    call.once('error', reject)
  })
  return answer
}
