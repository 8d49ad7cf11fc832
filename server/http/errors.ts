// The one place that turns a throw into an answer: RFC 6749 §5.2 at the authorization server, RFC 9457 elsewhere.
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { GuardError } from '@latchkey/guard'
import type { FastifyBaseLogger, FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import { Problem, type ProblemType } from '../vocabulary/problem.ts'
import type { HttpServer } from './server.ts'

const unavailable =
  'The service cannot reach its database. Nothing was changed. Retry after the time in Retry-After.'

export interface EdgeErrors {
  /** The origin of the pages that `type` and `error_uri` name. */
  publicUrl: string
  /** What a driver's error says of the storage; undefined when it is about something else. */
  storageFailure: (error: unknown) => 'away' | 'full' | undefined
  /** Where a reader turns who cannot mend it himself. */
  support: string | undefined
}

/** What each refused request was refused with: for the activity, which the answer is no part of. */
const refusals = new WeakMap<FastifyRequest, Known>()

/** Why a request was refused; undefined when it was not. */
export function refusalOf(request: FastifyRequest): Known | undefined {
  return refusals.get(request)
}

export function writeErrors(server: HttpServer, options: EdgeErrors): void {
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    const known = translate(error, options)
    refusals.set(request, known.error)
    if (!known.expected) request.log.error({ requestId: request.id, err: error }, 'unexpected error')
    if (speaksOAuth(request)) return writeOAuthError(asOAuthError(known.error), reply, options)
    return writeProblem(known.error, request, reply, options)
  })
  server.setNotFoundHandler((request, reply) => {
    const problem = new Problem(
      'not_found',
      'There is nothing at this address. The API reference lists every operation: /docs/api',
    )
    if (speaksOAuth(request)) return writeOAuthError(asOAuthError(problem), reply, options)
    return writeProblem(problem, request, reply, options)
  })
}

/** What the router refuses before any hook ran: an address that is no UTF-8, or a part of it beyond every id. */
export function writeRouterError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  options: EdgeErrors,
): void {
  const problem =
    error.code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? new Problem('not_found', 'There is nothing at this address: a part of it is longer than any id.')
      : new Problem('invalid_request', 'The address cannot be read: it is not percent-encoded UTF-8.')
  reply.headers({ 'request-id': request.id, 'x-content-type-options': 'nosniff' })
  if (request.url.startsWith('/oauth/')) writeOAuthError(asOAuthError(problem), reply, options)
  else writeProblem(problem, request, reply, options)
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route below /oauth that answers as our APIs do (RFC 9457), and not as RFC 6749 §5.2 says. */
    answersProblems?: boolean
  }
}

function speaksOAuth(request: FastifyRequest): boolean {
  if (request.routeOptions.config?.answersProblems) return false
  // The route where there is one: an address can be written in several ways.
  return (request.routeOptions.url ?? request.url).startsWith('/oauth/')
}

type Known = OAuthError | Problem | GuardError

function translate(error: FastifyError, options: EdgeErrors): { error: Known; expected: boolean } {
  if (error instanceof OAuthError || error instanceof Problem || error instanceof GuardError)
    return { error, expected: true }
  const storage = options.storageFailure(error)
  if (storage === 'away') {
    return {
      error: new Problem('temporarily_unavailable', unavailable, { headers: { 'retry-after': '2' } }),
      expected: false,
    }
  }
  if (storage === 'full') {
    return {
      error: new Problem(
        'storage_full',
        'The storage of this service is full. Nothing was changed. Its operator has to make room.',
      ),
      expected: false,
    }
  }
  if (error.validation) return { error: invalid(error), expected: true }
  const type = framework[error.statusCode ?? 500]
  if (type) return { error: new Problem(type, frameworkDetail(error, type)), expected: true }
  const help = options.support ? ` If it stays, write to ${options.support}.` : ''
  const detail = `This is a fault of ours. Try again; the request id helps us to find it.${help}`
  return { error: new Problem('internal_error', detail), expected: false }
}

/** Statuses of Fastify and its plugins that are the caller's to mend. */
const framework: Record<number, ProblemType> = {
  400: 'invalid_request',
  404: 'not_found',
  408: 'request_timeout',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
}

function frameworkDetail(error: FastifyError, type: ProblemType): string {
  if (type === 'payload_too_large') return 'The body is larger than this operation takes.'
  if (type === 'unsupported_media_type')
    return 'The Content-Type is not one that this operation takes. Send application/json.'
  if (error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY')
    return 'The Content-Type says JSON but the body is empty. Send {} or leave out the Content-Type.'
  if (error instanceof SyntaxError || error.code === 'FST_ERR_CTP_INVALID_JSON_BODY')
    return 'The body is not valid JSON.'
  if (error.code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH')
    return 'The body is not as long as Content-Length says.'
  return 'The request could not be read. Check its address, headers and body.'
}

/** What did not fit the schema, member by member, without repeating what was sent. */
function invalid(error: FastifyError): Problem {
  const errors = (error.validation ?? []).map((issue) => ({
    field: [
      error.validationContext,
      ...issue.instancePath.split('/').filter(Boolean),
      issue.params.additionalProperty,
    ]
      .filter(Boolean)
      .join('.'),
    message:
      issue.keyword === 'additionalProperties'
        ? 'is not a member of this request'
        : (issue.message ?? 'is not valid'),
  }))
  const [first] = errors
  return new Problem(
    'invalid_request',
    first ? `${first.field} ${first.message}.` : 'The request is not valid.',
    { members: { errors } },
  )
}

function asOAuthError(error: Known): OAuthError {
  if (error instanceof OAuthError) return error
  if (error.status === 503)
    return new OAuthError('temporarily_unavailable', error.message, { headers: error.headers })
  if (error instanceof Problem && error.type === 'unsupported_media_type') {
    return new OAuthError(
      'invalid_request',
      'The Content-Type is none. Send the body as application/x-www-form-urlencoded (curl: -d grant_type=client_credentials).',
    )
  }
  // RFC 6749 §5.2 has no code for a fault of ours; invalid_request with the true status is the nearest.
  return new OAuthError('invalid_request', error.message, { status: error.status, headers: error.headers })
}

function writeOAuthError(error: OAuthError, reply: FastifyReply, { publicUrl }: EdgeErrors): FastifyReply {
  return reply
    .code(error.status)
    .headers({
      ...error.headers,
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'content-type': 'application/json',
    })
    .send(
      asBytes({
        error: error.code,
        error_description: error.message,
        error_uri: publicUrl + error.errorPath,
      }),
    )
}

function writeProblem(
  error: Known,
  request: FastifyRequest,
  reply: FastifyReply,
  { publicUrl }: EdgeErrors,
): FastifyReply {
  const problem =
    error instanceof GuardError
      ? error.problem
      : error instanceof Problem
        ? {
            type: `${publicUrl}/docs/errors/${error.type}`,
            title: error.title,
            status: error.status,
            detail: error.message,
            ...error.members,
          }
        : {
            type: publicUrl + error.errorPath,
            title: error.code,
            status: error.status,
            detail: error.message,
          }
  return reply
    .code(error.status)
    .headers({ ...error.headers, 'cache-control': 'no-store', 'content-type': 'application/problem+json' })
    .send(asBytes({ ...problem, requestId: request.id, instance: instanceOf(problem.type, request.id) }))
}

/** RFC 9457 §3.1.5: this one occurrence. The page of its code shows it to members of its account. */
function instanceOf(type: string, requestId: string): string {
  return `${type}?request=${requestId}`
}

/** As bytes: to a text Fastify adds a charset, which JSON types do not have (RFC 8259 §11). */
function asBytes(body: object): Buffer {
  return Buffer.from(JSON.stringify(body))
}

/** What Node's parser refuses never reaches a route: answered on the bare socket. */
export function writeClientError(
  error: Error & { code?: string; rawPacket?: unknown },
  socket: Socket,
  requestId: string,
  { log, publicUrl }: { log: FastifyBaseLogger; publicUrl: string },
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const { status, title, message, type } = new Problem(
    parserProblem(error.code),
    'The request is not valid HTTP, or its headers are too large or too slow.',
  )
  const isOAuth =
    Buffer.isBuffer(error.rawPacket) &&
    /^[A-Z]+ \/oauth\//.test(error.rawPacket.subarray(0, 40).toString('latin1'))
  const body = isOAuth
    ? {
        error: 'invalid_request',
        error_description: message,
        error_uri: `${publicUrl}/docs/errors/invalid_request`,
      }
    : {
        type: `${publicUrl}/docs/errors/${type}`,
        title,
        status,
        detail: message,
        requestId,
        instance: instanceOf(`${publicUrl}/docs/errors/${type}`, requestId),
      }
  const bytes = asBytes(body)
  log.info({ requestId, status, code: error.code }, 'request refused')
  const headers = {
    'Content-Type': isOAuth ? 'application/json' : 'application/problem+json',
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
    Pragma: 'no-cache',
    'Request-Id': requestId,
    Connection: 'close',
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(
    Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n`), bytes]),
  )
}

function parserProblem(code: string | undefined): ProblemType {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'invalid_request'
}
