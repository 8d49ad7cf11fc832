// /oauth/forward-auth: asked by a proxy in front of an API, in any language, whether a call may pass.
import { type AccessToken, type Guard, GuardError } from '@latchkey/guard'
import { ProofError } from '@latchkey/guard/dpop'
import { authorizationOf } from '@latchkey/guard/fastify'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ReadClientCertificate } from '../http/client-certificate.ts'
import type { DpopNonces } from '../http/dpop-nonce.ts'
import { readForwardedCall } from '../http/forwarded-call.ts'
import { rawValues } from '../http/raw-headers.ts'
import { noteRefusedToken, type RecordCall, recordCalls } from '../http/recorded-calls.ts'
import type { HttpRequest, HttpServer } from '../http/server.ts'
import { deadTokenDetail } from '../http/token-check.ts'
import { trustedProxyCheck } from '../http/trusted-proxies.ts'
import type { Caller } from '../vocabulary/caller.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { Problem } from '../vocabulary/problem.ts'
import { forwardAuthSchema, identityHeaders, problemHeader } from './forward-auth-answer.ts'
import { type ForwardAuthTarget, readTarget } from './forward-auth-target.ts'

export interface ForwardAuthOptions {
  catalogue: Catalogue
  /** The guard of a resource: it takes tokens with exactly that audience, of that environment. */
  guardOf: (environment: Environment, resource: string) => Guard
  /** Whose token it is; undefined when its client is gone or disabled. @throws {Problem} `address_not_allowed` */
  findCaller: (token: AccessToken, address: string) => Promise<Caller | undefined>
  /** Addresses or CIDR ranges of the proxies whose headers are believed. */
  trustedProxies: readonly string[]
  readCertificate: ReadClientCertificate
  nonces: DpopNonces
  noteBadToken: (address: string) => void
  recordCall: RecordCall
}

/** Proxies ask with GET, or with the method of the call itself; HEAD comes with GET. */
const otherMethods = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** What each request asks about, and who it was. */
interface Asked extends ForwardAuthTarget {
  caller?: Caller
}

export async function mountForwardAuth(server: HttpServer, options: ForwardAuthOptions): Promise<void> {
  const isTrustedProxy = trustedProxyCheck(options.trustedProxies)
  const asked = new WeakMap<HttpRequest, Asked>()
  await server.register(async (forward) => {
    // Nobody reads a body here: whatever its type is, it is not ours to refuse.
    forward.removeAllContentTypeParsers()
    recordCalls(forward, {
      callerOf: (request) => asked.get(request)?.caller,
      requiredScopeOf: (_config, request) => asked.get(request)?.scope ?? null,
      operationOf: (request) => `forward-auth ${asked.get(request)?.resource ?? ''}`,
      // A proxy that asks wrongly asks about nobody's call.
      isRecorded: (request) => asked.has(request),
      record: options.recordCall,
    })
    forward.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const target: Asked = readTarget(request, options.catalogue)
      asked.set(request, target)
      const { token, caller } = await admit(
        request,
        target,
        isTrustedProxy(request.socket.remoteAddress),
        options,
      )
      target.caller = caller
      // RFC 9449 §8.2: the next proof is right at once, where the proxy hands it on.
      if (token.confirmation?.dpopKey !== undefined) reply.header('dpop-nonce', options.nonces.current())
      return reply.headers(identityHeaders(token, caller)).send()
    })
    forward.addHook('onSend', async (_request, reply, body) => {
      if (reply.statusCode >= 400) reply.headers(problemHeader(body))
      return body
    })
    const config = { answersProblems: true }
    // Answered before the body is read.
    const handler = async () => undefined
    const schema = { hide: true }
    forward.get('/oauth/forward-auth', { schema: forwardAuthSchema, config, handler })
    forward.route({ method: otherMethods, url: '/oauth/forward-auth', schema, config, handler })
    const url = '/oauth/forward-auth/:resource/:scope/*'
    forward.route({ method: ['GET', ...otherMethods], url, schema, config, handler })
  })
}

/** @throws {GuardError} or {Problem} with the answer to the caller. */
async function admit(
  request: HttpRequest,
  target: ForwardAuthTarget,
  isTrusted: boolean,
  options: ForwardAuthOptions,
) {
  const guard = options.guardOf(target.environment, target.resource)
  const call = callOf(request, target, isTrusted, options)
  const token = await guard.check(authorizationOf(request), target.scope, call).catch((error: unknown) => {
    if (!(error instanceof GuardError)) throw error
    if (error.code === 'invalid_token') options.noteBadToken(request.ip)
    throw error.status === 400 ? asUnauthorized(error) : error
  })
  // From anybody else the address says nothing of the caller: who may call from some networks only, may not from there.
  const address = isTrusted ? request.ip : ''
  const caller = await options.findCaller(token, address).catch((error: unknown) => {
    noteRefusedToken(request, token)
    throw isTrusted || !(error instanceof Problem && error.type === 'address_not_allowed')
      ? error
      : new Problem('address_not_allowed', unknownAddress)
  })
  if (!caller) throw guard.refusals.invalidToken(deadTokenDetail, token)
  return { token, caller }
}

/** The call as the guard takes it. What only bound tokens need is worked out when it is asked for. */
function callOf(
  request: HttpRequest,
  target: ForwardAuthTarget,
  isTrusted: boolean,
  { readCertificate }: ForwardAuthOptions,
) {
  const forwarded = () => {
    const call = isTrusted ? (target.call ?? readForwardedCall(request)) : undefined
    if (call) return call
    throw new ProofError(isTrusted ? callUnknown : proxyUnknown)
  }
  return {
    get method() {
      return forwarded().method
    },
    get url() {
      // The origin of the configuration, never of a Host header: the caller chooses that.
      return target.origin + forwarded().target
    },
    get dpopProofs() {
      return rawValues(request.raw.rawHeaders, 'dpop')
    },
    get certificateThumbprint() {
      return readCertificate(request)?.thumbprint
    },
  }
}

/** Proxies pass on 401 and 403 alone (nginx: everything else is a fault of its own); 400 says that the proxy asks wrongly. */
function asUnauthorized({ code, headers, problem }: GuardError): GuardError {
  return new GuardError(code, headers['www-authenticate'], { ...problem, status: 401 })
}

const proxyUnknown =
  'The token is bound to a DPoP key, and what the proxy says of the call is not believed. The operator names the proxy in LATCHKEY_TRUSTED_PROXIES.'
const callUnknown =
  'The token is bound to a DPoP key, and the proxy does not say clearly which call it is for. The operator lets it set X-Forwarded-Method and X-Forwarded-Uri, and drop X-Original-Method, X-Original-Uri and X-Original-URL of its callers.'
const unknownAddress =
  'This client may call from the networks of its list only, and from where it calls is not known. The operator names the proxy in LATCHKEY_TRUSTED_PROXIES.'
