import { type AccessToken, createGuard, type Guard } from '@latchkey/guard'
import { findAccount } from '../accounts/store.ts'
import { mayCallFrom } from '../clients/allowed-networks.ts'
import type { Client } from '../clients/client.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import type { Revocations } from '../clients/revocations.ts'
import type { Database } from '../database/tables.ts'
import type { DpopNonces } from '../http/dpop-nonce.ts'
import { issuerOf } from '../oauth/metadata.ts'
import { resourceMetadataUrl } from '../oauth/resource-metadata.ts'
import type { SigningKeys } from '../oauth/signing-keys.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import type { Actor } from '../vocabulary/actor.ts'
import type { Caller } from '../vocabulary/caller.ts'
import type { Now } from '../vocabulary/clock.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { isReservedScope, permissionsOf } from '../vocabulary/permission.ts'
import { Problem } from '../vocabulary/problem.ts'

/** The guard that we publish, in front of our own APIs: both environments, keys at hand. */
function builtInGuard(publicUrl: string, keys: SigningKeys, nonces: DpopNonces, now: Now): Guard {
  return createGuard({
    issuer: issuerOf(publicUrl),
    audiences: { test: `${publicUrl}/test`, production: publicUrl },
    findKey: keys.find,
    dpopNonces: nonces,
    resourceMetadata: {
      test: resourceMetadataUrl(publicUrl, 'test'),
      production: resourceMetadataUrl(publicUrl, 'production'),
    },
    now,
  })
}

/** The guards of this server. */
export interface Guards {
  /** In front of our own APIs. */
  builtIn: Guard
  /**
   * Behind /oauth/forward-auth, one for each audience that is asked about.
   * @param resource an audience of the catalogue in this environment: as many guards there are at most.
   */
  of: (environment: Environment, resource: string) => Guard
  /** Forgets which tokens any of them accepted: a key may have been withdrawn. */
  forget: () => void
}

export function openGuards(publicUrl: string, keys: SigningKeys, nonces: DpopNonces, now: Now): Guards {
  const builtIn = builtInGuard(publicUrl, keys, nonces, now)
  const others = new Map<string, Guard>()
  return {
    builtIn,
    of(environment, resource) {
      const key = `${environment} ${resource}`
      const known = others.get(key)
      if (known) return known
      const guard = createGuard({
        issuer: issuerOf(publicUrl),
        audiences: { [environment]: resource },
        findKey: keys.find,
        dpopNonces: nonces,
        now,
      })
      others.set(key, guard)
      return guard
    },
    forget() {
      for (const guard of [builtIn, ...others.values()]) guard.forget()
    },
  }
}

/** What finding the caller behind a token needs. */
export interface Callers {
  clients: ClientDirectory
  revocations: Revocations
  /** Told of each call of a client: its use of tokens is judged by them. */
  countCall: (client: Client) => void
}

/**
 * A token is as good as its client is now: account, state and networks come from there, not from the token.
 * @throws {Problem} `address_not_allowed`
 */
export async function findCaller(
  { clients, revocations, countCall }: Callers,
  token: AccessToken,
  address: string | null,
): Promise<Caller | undefined> {
  const client = clients.peek(token.clientId) ?? (await clients.find(token.clientId))
  if (!client || client.disabledAt !== null || client.environment !== token.environment) return undefined
  if (revocations.isRevoked({ id: token.id, notBefore: client.notBefore })) return undefined
  if (!mayCallFrom(client, address ?? '')) {
    throw new Problem(
      'address_not_allowed',
      'This client may call from the networks of its list only, and this address is in none of them. Its owner changes the list on the page of the client, under advanced settings.',
    )
  }
  countCall(client)
  return {
    accountId: client.accountId,
    environment: client.environment,
    clientId: client.id,
    scopes: token.scopes,
  }
}

/** The caller of the account API behind a token; `operator` counts in production and in the operator's account alone. */
export async function findAccountCaller(
  db: Database,
  callers: Callers,
  token: AccessToken,
  from: Pick<Actor, 'address' | 'requestId'>,
): Promise<AccountCaller | undefined> {
  const caller = await findCaller(callers, token, from.address)
  const account = caller && (await findAccount(db, caller.accountId))
  if (!account) return undefined
  const operates = account.operator === true && caller.environment === 'production'
  const scopes = caller.scopes.filter((scope) => scope !== 'operator' || operates)
  return {
    accountId: account.id,
    environment: caller.environment,
    actor: { kind: 'client', id: caller.clientId, ...from },
    permissions: permissionsOf(scopes),
    isOperatorAccount: account.operator === true,
    reservedScopes: scopes.filter(isReservedScope),
  }
}
