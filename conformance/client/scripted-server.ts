// What the program under test talks to: a token endpoint and an API that follow the script of one scenario and
// note what arrives. It is small on purpose, so that a reader can check the judge.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AuthenticationMethod, readAuthentication } from './authentication.ts'

export const tokenPath = '/oauth/connect/token'

/** How this scenario differs from a plain server. */
export interface Script {
  /** Default 50 ms, as a real server that is some distance away. */
  tokenDelayMs?: (number: number) => number
  /** How long a token really works. Default 3600. */
  lifetimeSeconds?: number
  /** The answer says `expires_in`. Default true. */
  tellsLifetime?: boolean
  /** By how much the `iat` and `exp` written in the token differ from this machine's time. */
  clockShiftSeconds?: number
  /** An answer in place of a token, for the request of this number from 1 on. */
  tokenAnswer?: (number: number) => Answer | undefined
  /** An answer of the API in place of its own, for a call that has a token. */
  callAnswer?: (call: SeenCall) => Answer | undefined
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: object
}

export interface SeenTokenRequest {
  method: AuthenticationMethod
  /** The secret arrived, in whatever form. */
  secret: boolean
}

/** What the API saw of one call. */
export interface SeenCall {
  /** From 1 on. */
  number: number
  token: 'none' | 'valid' | 'expired' | 'revoked' | 'unknown'
}

export interface ScriptedServer {
  url: string
  tokenRequests: SeenTokenRequest[]
  calls: SeenCall[]
  /** Every token issued until now stops to work. */
  revokeAll: () => void
  close: () => Promise<void>
}

export interface Credentials {
  clientId: string
  clientSecret: string
}

/** Starts the server on a free port of 127.0.0.1. @param credentials the only ones that get a token. */
export async function startScriptedServer(credentials: Credentials, script: Script): Promise<ScriptedServer> {
  const issued = new Map<string, { expiresAtMs: number; revoked: boolean }>()
  const lifetimeSeconds = script.lifetimeSeconds ?? 3600

  async function answerToken(request: IncomingMessage): Promise<Answer> {
    const authentication = readAuthentication(request, await text(request))
    const number = seen.tokenRequests.push({
      method: authentication.method,
      secret: authentication.clientSecret === credentials.clientSecret,
    })
    await sleep(script.tokenDelayMs?.(number) ?? 50)
    const scripted = script.tokenAnswer?.(number)
    if (scripted) return scripted
    const { clientId, clientSecret } = authentication
    if (clientId !== credentials.clientId || clientSecret !== credentials.clientSecret) return invalidClient
    // Counted from here, so that a client that counts from its own request is on the safe side.
    const nowMs = Date.now()
    const token = writeToken(nowMs / 1000 + (script.clockShiftSeconds ?? 0), lifetimeSeconds)
    issued.set(token, { expiresAtMs: nowMs + lifetimeSeconds * 1000, revoked: false })
    const body = { access_token: token, token_type: 'Bearer', scope: 'things_read' }
    return {
      status: 200,
      body: script.tellsLifetime === false ? body : { ...body, expires_in: lifetimeSeconds },
    }
  }

  function stateOf(authorization: string | undefined): SeenCall['token'] {
    const presented = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
    if (presented === undefined) return 'none'
    const token = issued.get(presented)
    if (!token) return 'unknown'
    if (token.revoked) return 'revoked'
    return token.expiresAtMs <= Date.now() ? 'expired' : 'valid'
  }

  function answerCall(request: IncomingMessage): Answer {
    const call = { number: seen.calls.length + 1, token: stateOf(request.headers.authorization) }
    seen.calls.push(call)
    // RFC 6750 §3.1: without a token the challenge has no error code.
    if (call.token === 'none') return { status: 401, headers: { 'www-authenticate': 'Bearer' } }
    return (
      script.callAnswer?.(call) ??
      (call.token === 'valid' ? { status: 200, body: { ok: true } } : invalidToken)
    )
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const path = new URL(request.url ?? '/', url).pathname
    if (path === tokenPath) return answerToken(request)
    request.resume()
    return path.includes('/.well-known/') ? metadata(url) : answerCall(request)
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (known) => send(response, known),
      // The program went away in the middle of its request.
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const seen: ScriptedServer = {
    url,
    tokenRequests: [],
    calls: [],
    revokeAll() {
      for (const token of issued.values()) token.revoked = true
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return seen
}

const invalidClient: Answer = {
  status: 401,
  headers: { 'www-authenticate': 'Basic realm="client"' },
  body: { error: 'invalid_client', error_description: 'Client id and secret do not match an active client.' },
}

/** The refusal that a new token can mend (RFC 6750 §3.1). */
export const invalidToken: Answer = {
  status: 401,
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  body: { title: 'Unauthorized', status: 401 },
}

/** In the shape of a signed token (RFC 9068); nobody here verifies the signature. */
function writeToken(issuedAt: number, lifetimeSeconds: number): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = Math.floor(issuedAt)
  const claims = { iat, exp: iat + lifetimeSeconds, jti: randomBytes(8).toString('hex') }
  return `${encode({ alg: 'ES256', typ: 'at+jwt' })}.${encode(claims)}.${randomBytes(64).toString('base64url')}`
}

/** RFC 8414, for programs that ask where the token endpoint is. */
function metadata(url: string): Answer {
  return {
    status: 200,
    body: {
      issuer: `${url}/oauth`,
      token_endpoint: `${url}${tokenPath}`,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      response_types_supported: [],
    },
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const noStore = { 'cache-control': 'no-store', ...headers }
  response.writeHead(status, body ? { ...noStore, 'content-type': 'application/json' } : noStore)
  response.end(body && JSON.stringify(body))
}
