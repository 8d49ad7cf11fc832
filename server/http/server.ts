import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { type DestinationStream, pino } from 'pino'
import type { NewId } from '../vocabulary/clock.ts'
import { refuseBrokenRequests } from './broken-requests.ts'
import { announceDeprecation, type Deprecation } from './deprecated-hosts.ts'
import { type EdgeErrors, writeClientError, writeErrors, writeRouterError } from './errors.ts'
import { compileSerializer } from './serialization.ts'
import { compileValidator } from './validation.ts'

/** Fastify with our types, the shape that every slice mounts its routes on. */
export type HttpServer = FastifyInstance<
  Server,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export interface ServerOptions {
  logLevel: string
  /** Where log lines go; standard output by default. */
  logStream?: DestinationStream | undefined
  trustedProxies: readonly string[]
  newId: NewId
  errors: EdgeErrors
  deprecated: Deprecation | undefined
}

/** A request as the slices see it. */
export type HttpRequest = FastifyRequest

/** An answer as the slices write it. */
export type HttpReply = FastifyReply

/** The HTTP server with its limits, ids and error writer, and no routes yet. */
export function createServer(options: ServerOptions): HttpServer {
  const { newId } = options
  const log = createLog(options)
  const server: HttpServer = Fastify<Server>({
    // Node's own: header section finished in 10 s, whole request in 120 s (an upload over a slow line);
    // bodies of other routes have their own, shorter limit. Fastify's defaults are 0.
    // Node looks for slow connections each 30 s by default, so that 10 s would be up to 40.
    http: { headersTimeout: 10_000, maxHeaderSize: 16_384, connectionsCheckingInterval: 1000 },
    requestTimeout: 120_000,
    connectionTimeout: 120_000,
    keepAliveTimeout: 65_000,
    bodyLimit: 64 * 1024,
    maxRequestsPerSocket: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    exposeHeadRoutes: true,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    genReqId: () => newId('req'),
    frameworkErrors: (error, request, reply) => writeRouterError(error, request, reply, options.errors),
    // One line a request is written below; a child logger for each would only cost.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    loggerInstance: log,
    clientErrorHandler: (error, socket) =>
      writeClientError(error, socket, newId('req'), { log, publicUrl: options.errors.publicUrl }),
  }).withTypeProvider<TypeBoxTypeProvider>()
  server.setValidatorCompiler(compileValidator)
  server.setSerializerCompiler(compileSerializer)
  // First, so that every refusal says it too.
  if (options.deprecated) announceDeprecation(server, options.errors.publicUrl, options.deprecated)
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    done(refuseBrokenRequests(request))
  })
  server.addHook('onResponse', (request, reply, done) => {
    const line = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    }
    if (reply.statusCode >= 500) request.log.error(line, 'request failed')
    else if (reply.statusCode >= 400) request.log.info(line, 'request refused')
    else request.log.debug(line, 'request')
    done()
  })
  writeErrors(server, options.errors)
  return server
}

/** JSON lines. A request is logged by its route's pattern: the address itself may hold a secret or a token. */
function createLog({ logLevel, logStream }: ServerOptions): FastifyBaseLogger {
  const log = {
    level: logLevel,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return logStream ? pino(log, logStream) : pino(log)
}
