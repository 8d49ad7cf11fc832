// Why a client was not let in, in words for its owner. What is done for it, is done before the refusal is due
// (refusal-time.ts), so that it does not show in the time of the answer.
import { mayCallFrom } from '../../clients/allowed-networks.ts'
import type { Client } from '../../clients/client.ts'
import { timeText } from '../../vocabulary/clock.ts'
import type { Claim } from './claim.ts'
import type { ClientAuthenticationMethod, Presented } from './method.ts'

export interface RefusedAttempt {
  method: ClientAuthenticationMethod
  presented: Presented
  address: string
  /** As it is now; undefined: there is none. */
  client: Client | undefined
}

export function claimOfAttempt(attempt: RefusedAttempt): Claim {
  const { presented, client } = attempt
  return { clientId: presented.clientId, client, isSettled: true, reason: explain(attempt) }
}

function explain({ method, presented, address, client }: RefusedAttempt): string | Promise<string> {
  if (!client) return 'There is no client with this id.'
  if (client.disabledAt !== null)
    return `The client was disabled or deleted on ${timeText(client.disabledAt)}. What it was presented with was not looked at.`
  const { authenticationMethods, allowedNetworks } = client
  if (!authenticationMethods.some((name) => method.names.includes(name))) {
    const setUp = authenticationMethods.length > 0 ? authenticationMethods.join(', ') : 'nothing'
    return `The client is not set up for ${method.names.join(' or ')}, by which the request came. It is set up for ${setUp}.`
  }
  if (!mayCallFrom(client, address))
    return `The address is in none of the networks that the client may call from: ${allowedNetworks.slice(0, 10).join(', ')}.`
  const reason = presented.explain(client)
  if (typeof reason === 'string') return reason
  return reason.catch(() => 'The credential does not hold; why could not be found out at that moment.')
}
