import { mayCallFrom } from '../../clients/allowed-networks.ts'
import type { Client } from '../../clients/client.ts'
import type { ClientDirectory } from '../../clients/directory.ts'
import { OAuthError } from '../../vocabulary/oauth-error.ts'
import type { TokenRequest } from '../token-request.ts'
import { withClaim } from './claim.ts'
import { claimOfAttempt } from './explain-refusal.ts'
import type { ClientAuthenticationMethod, Presented, Proof } from './method.ts'
import { refusalDue } from './refusal-time.ts'

export interface AuthenticatedClient {
  client: Client
  proof: Proof
}

export type AuthenticateClient = (request: TokenRequest) => Promise<AuthenticatedClient>

// RFC 6749 §5.2, RFC 7617 §2.1.
const challenge = { 'www-authenticate': 'Basic realm="latchkey", charset="UTF-8"' }

/** Somebody tried to be a client, from somewhere. */
interface Attempt {
  clientId: string
  address: string
}

/** The limits of failed attempts; `app.ts` hands them in. */
export interface FailureLimits {
  /** Whether the database may be asked about an attempt that memory did not prove. */
  mayLookUp: (attempt: Attempt) => boolean
  /** Notes that there is such a client: a flood of other ids does not hold its callers up. */
  noteClient: (clientId: string) => void
  /** Counts a failure. @returns seconds to wait when there were too many; undefined while there were not. */
  count: (attempt: Attempt, seen: { isClient: boolean; lookedUp: boolean }) => Promise<number | undefined>
}

/**
 * Authenticates the caller (RFC 6749 §2.3): by exactly one method, in constant time, with one answer for
 * an unknown client, a wrong credential, a method or a network it is not set up for and a disabled one.
 * The credential is checked before any limit: only a failed attempt can be answered 429.
 */
export function createClientAuthentication(
  methods: readonly ClientAuthenticationMethod[],
  clients: ClientDirectory,
  limits: FailureLimits,
): AuthenticateClient {
  return async (request) => {
    const arrivedAt = performance.now()
    const { method, presented } = onlyMethod(request, methods)
    const { address } = request
    const attempt = { clientId: presented.clientId, address }
    // A client has the methods and the networks that it is set up for; by any other it is as good as unknown.
    const maySo = (client: Client) =>
      client.authenticationMethods.some((name) => method.names.includes(name)) && mayCallFrom(client, address)
    const verify = (client: Client | undefined) =>
      presented.verify(client && maySo(client) ? client : undefined)
    const warm = clients.peek(presented.clientId)
    const proof = await verify(warm)
    if (warm && proof) return { client: warm, proof }
    const lookedUp = limits.mayLookUp(attempt)
    const current = lookedUp ? await lookUp(clients, presented.clientId, warm) : warm
    if (current) limits.noteClient(current.id)
    const lateProof = lookedUp ? await verify(current) : undefined
    if (current && lateProof) return { client: current, proof: lateProof }
    const claim = lookedUp
      ? claimOfAttempt({ method, presented, address, client: current })
      : { clientId: presented.clientId, client: current, isSettled: true, reason: notLookedAt }
    const waitSeconds = await limits.count(attempt, { isClient: current !== undefined, lookedUp })
    await refusalDue(arrivedAt)
    throw withClaim(waitSeconds === undefined ? noMatch() : tooMany(waitSeconds), claim)
  }
}

const notLookedAt =
  'There were too many failed attempts from this address or its network; this one was not looked at.'

/** The client as the database has it: every refused request asks it once, whether the client is in memory or not. */
function lookUp(clients: ClientDirectory, clientId: string, warm: Client | undefined) {
  return warm ? clients.reread(clientId) : clients.find(clientId)
}

function noMatch(): OAuthError {
  return new OAuthError(
    'invalid_client',
    'Client id and secret do not match an active client. Check for a trailing newline or a secret from the other environment. The owner sees the exact reason in Logs.',
    { headers: challenge },
  )
}

function tooMany(waitSeconds: number): OAuthError {
  return new OAuthError(
    'rate_limited',
    'Too many failed attempts. Check client id and secret. Right ones still get in: if these are right, retry after the time in Retry-After.',
    { headers: { 'retry-after': String(waitSeconds) } },
  )
}

interface Used {
  method: ClientAuthenticationMethod
  presented: Presented
}

function onlyMethod(request: TokenRequest, methods: readonly ClientAuthenticationMethod[]): Used {
  const { parameters } = request
  let only: { method: ClientAuthenticationMethod; presented: Presented | 'broken' } | undefined
  let count = 0
  for (const method of methods) {
    const presented = method.presented(request)
    if (presented === undefined) continue
    only ??= { method, presented }
    count += 1
  }
  const sent = [request.authorization, parameters.get('client_secret'), parameters.get('client_assertion')]
  // RFC 6749 §2.3: one authentication method per request, even when both are right.
  if (count > 1 || sent.filter((credential) => credential !== undefined).length > 1) {
    throw new OAuthError(
      'invalid_request',
      'The request authenticates the client in two ways. Send one of them only.',
    )
  }
  if (!only || only.presented === 'broken') {
    throw new OAuthError(
      'invalid_client',
      'No usable client authentication. Send HTTP Basic with client_id:client_secret in Base64, or use curl -u client_id:client_secret.',
      { headers: challenge },
    )
  }
  const clientId = parameters.get('client_id')
  if (clientId !== undefined && clientId !== only.presented.clientId) {
    throw new OAuthError(
      'invalid_request',
      'The client_id in the body is another than the one that authenticates. Leave it out of the body.',
    )
  }
  return { method: only.method, presented: only.presented }
}

/** Whom a request that was refused before it was authenticated names as its client, by whatever method. */
export function claimedClientId(
  request: TokenRequest,
  methods: readonly ClientAuthenticationMethod[],
): string | undefined {
  try {
    for (const method of methods) {
      const presented = method.presented(request)
      if (presented !== undefined && presented !== 'broken') return presented.clientId
    }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
  }
  return request.parameters.get('client_id')
}
