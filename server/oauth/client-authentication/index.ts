import type { Client } from '../../clients/client.ts'
import type { ClientDirectory } from '../../clients/directory.ts'
import { OAuthError } from '../../vocabulary/oauth-error.ts'
import type { TokenRequest } from '../token-request.ts'
import type { ClientAuthenticationMethod, Presented, Proof } from './method.ts'
import { refusalDue } from './refusal-time.ts'

export interface AuthenticatedClient {
  client: Client
  proof: Proof
}

export type AuthenticateClient = (request: TokenRequest) => Promise<AuthenticatedClient>

// RFC 6749 §5.2, RFC 7617 §2.1.
const challenge = { 'www-authenticate': 'Basic realm="latchkey", charset="UTF-8"' }

/**
 * Authenticates the caller (RFC 6749 §2.3): by exactly one method, in constant time, with one answer for
 * an unknown client, a wrong credential, a method it is not set up for and a disabled one.
 */
export function createClientAuthentication(
  methods: readonly ClientAuthenticationMethod[],
  clients: ClientDirectory,
): AuthenticateClient {
  return async (request) => {
    const arrivedAt = performance.now()
    const { method, presented } = onlyMethod(request, methods)
    // A client has the methods that it is set up for; by any other it is as good as unknown.
    const verify = (client: Client | undefined) =>
      presented.verify(
        client?.authenticationMethods.some((name) => method.names.includes(name)) ? client : undefined,
      )
    const warm = clients.peek(presented.clientId)
    const client = warm ?? (await clients.find(presented.clientId))
    const proof = await verify(client)
    if (client && proof) return { client, proof }
    const current = warm ? clients.reread(warm.id) : client
    return refuseOrAccept({ verify, arrivedAt, current })
  }
}

interface LastLook {
  verify: Presented['verify']
  /** Milliseconds on the monotonic clock. */
  arrivedAt: number
  /** The client as the database has it: every refused request has asked it once. */
  current: Client | undefined | Promise<Client | undefined>
}

async function refuseOrAccept({ verify, arrivedAt, current }: LastLook): Promise<AuthenticatedClient> {
  const client = await current
  const proof = await verify(client)
  if (client && proof) return { client, proof }
  await refusalDue(arrivedAt)
  throw new OAuthError(
    'invalid_client',
    'Client id and secret do not match an active client. Check for a trailing newline or a secret from the other environment. The owner sees the exact reason in Logs.',
    { headers: challenge },
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
