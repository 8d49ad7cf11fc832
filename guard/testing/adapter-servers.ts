// A real server with each framework that has an adapter: one guarded operation, in a router where there is one.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { serve } from '@hono/node-server'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import * as forExpress from '../adapters/express.ts'
import * as forFastify from '../adapters/fastify.ts'
import * as forHono from '../adapters/hono.ts'
import type { Guard } from '../guard.ts'

export interface GuardedServer {
  port: number
  close: () => Promise<void>
}

/** Starts the framework on a free port: `GET|POST /v1/orders` needs `order_read` and answers whose token it is. */
export type StartServer = (guard: Guard, origin: string | undefined) => Promise<GuardedServer>

const scope = 'order_read'
/** The thumbprint as a proxy would hand it on. */
const certificateHeader = 'x-certificate-thumbprint'

export const frameworks: Record<string, StartServer> = {
  async Fastify(guard, origin) {
    const app = Fastify({ trustProxy: true })
    const options = origin === undefined ? undefined : { origin, certificateThumbprint: headerOf }
    const handler = async (request: Parameters<typeof forFastify.accessToken>[0]) => ({
      client: forFastify.accessToken(request).clientId,
    })
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('x-before', 'kept')
    })
    const onRequest = forFastify.requires(guard, scope, options)
    app.route({ method: ['GET', 'POST'], url: '/v1/orders', onRequest, handler })
    app.get('/open', handler)
    await app.listen({ host: '127.0.0.1', port: 0 })
    return { port: portOf(app.server), close: () => app.close() }
  },
  async Express(guard, origin) {
    const app = express().set('trust proxy', true)
    const options = origin === undefined ? undefined : { origin, certificateThumbprint: headerOf }
    const router = express.Router()
    const handler: express.RequestHandler = (request, response) => {
      response.json({ client: forExpress.accessToken(request).clientId })
    }
    router.all('/orders', forExpress.requires(guard, scope, options), handler)
    // It compiles: behind the guard a parameter of the path has still its type.
    router.get('/orders/:id', forExpress.requires(guard, scope, options), (request, response) => {
      response.json({ id: request.params.id.toUpperCase() })
    })
    app.use((_request, response, next) => {
      response.set('x-before', 'kept')
      next()
    })
    app.use('/v1', router)
    app.get('/open', handler)
    // Express writes what went wrong to the answer and to the terminal.
    const fail: express.ErrorRequestHandler = (_error, _request, response, _next) => {
      response.status(500).json({})
    }
    app.use(fail)
    const server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { port: portOf(server), close: () => closed(server) }
  },
  async Hono(guard, origin) {
    const app = new Hono()
    const certificateThumbprint: forHono.CallOptions['certificateThumbprint'] = (context) =>
      context.req.header(certificateHeader)
    const options = origin === undefined ? undefined : { origin, certificateThumbprint }
    const orders = new Hono()
    orders.all('/orders', forHono.requires(guard, scope, options), (context) =>
      context.json({ client: forHono.accessToken(context).clientId }),
    )
    app.use(async (context, next) => {
      context.header('x-before', 'kept')
      await next()
    })
    app.route('/v1', orders)
    app.get('/open', (context) => context.json({ client: forHono.accessToken(context).clientId }))
    app.onError((_error, context) => context.json({}, 500))
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
    if (!server.listening) await once(server, 'listening')
    return { port: portOf(server), close: () => closed(server) }
  },
}

function headerOf(request: { headers: Record<string, string | string[] | undefined> }): string | undefined {
  const value = request.headers[certificateHeader]
  return typeof value === 'string' ? value : undefined
}

function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

function closed(server: { close: (done: () => void) => unknown }): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
