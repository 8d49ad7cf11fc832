// A second API, guarded by the published package: for production tokens only, its keys fetched over HTTP.
import { createServer, type RequestListener } from 'node:http'
import { createGuard, GuardError } from '@latchkey/guard'
import type { DeclaredApi } from '../server/catalogue/store.ts'
import type { Discovered, FetchingApi } from './target.ts'

export const ordersApi: DeclaredApi = {
  id: 'orders',
  name: 'Orders',
  audiences: { production: 'https://orders.example', test: 'https://test.orders.example' },
  scopes: ['order_read', 'order_write', 'invoice_read', 'invoice_write', 'stock'].map((name) => ({
    name,
    description: `What ${name} opens at the orders API`,
  })),
}

/** Starts the orders API; its keys come through a door of its own that counts. */
export async function openFetchingApi(
  { issuer, jwksUri }: Pick<Discovered, 'issuer' | 'jwksUri'>,
  now: () => number,
): Promise<FetchingApi> {
  let fetches = 0
  let broken = false
  const keys = await listen((_request, response) => {
    fetches += 1
    if (broken) return void response.writeHead(503).end()
    fetch(jwksUri)
      .then((answer) => answer.text())
      .then((text) => response.setHeader('content-type', 'application/json').end(text))
      .catch(() => response.writeHead(502).end())
  })
  const guard = createGuard({
    issuer,
    audiences: { production: ordersApi.audiences.production },
    jwksUri: keys.url,
    now,
  })
  const api = await listen((request, response) => {
    guard.check(request.headers.authorization, 'order_read').then(
      () => response.setHeader('content-type', 'application/json').end('{"items":[]}'),
      (error: unknown) => {
        if (!(error instanceof GuardError)) return response.writeHead(500).end()
        return response.writeHead(error.status, error.headers).end(JSON.stringify(error.problem))
      },
    )
  })
  return {
    call: { scope: 'order_read', url: api.url, method: 'GET' },
    fetches: () => fetches,
    breakKeys: () => {
      broken = true
    },
    async close() {
      await Promise.all([api.close(), keys.close()])
    },
  }
}

async function listen(handle: RequestListener): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
