import { closest } from 'fastest-levenshtein'
import type { Account } from '../accounts/store.ts'
import { type Client, isAlive, liveSecretsLimit, tokenLifetime } from '../clients/client.ts'
import { hashSecret } from '../clients/secret.ts'
import { type ClientFacts, findClient, insertClient, insertSecret, updateClient } from '../clients/store.ts'
import { environmentPrefix } from '../vocabulary/environment.ts'
import type { ApplyStep } from './apply.ts'
import {
  authenticationDiffers,
  authenticationFacts,
  refuseAuthentication,
} from './declared-authentication.ts'
import type { DeclaredClient } from './declared-setup.ts'

/** Creates or changes one client and adds the secrets it does not have yet. */
export async function applyClient(
  step: ApplyStep,
  account: Account,
  declared: DeclaredClient,
  scopes: ReadonlySet<string>,
): Promise<void> {
  const known = await findClient(step.tx, declared.clientId)
  const authentication = authenticationFacts(declared, known)
  const hasSecret = (declared.secrets ?? []).length + (known?.secrets.length ?? 0) > 0
  const errors = [
    ...refuse(account, declared, known, scopes),
    ...refuseAuthentication(declared, authentication, hasSecret),
  ]
  if (errors.length > 0) {
    step.errors.push(...errors.map((error) => `client ${declared.clientId}: ${error}`))
    return
  }
  const facts = {
    ...authentication,
    id: declared.clientId,
    accountId: account.id,
    environment: declared.environment,
    name: declared.name,
    // What the set-up does not name stays as people set it.
    description: known?.description ?? '',
    allowedNetworks: known?.allowedNetworks ?? [],
    tokenQuotaPerHour: known?.tokenQuotaPerHour ?? null,
    scopes: declared.scopes ?? known?.scopes ?? [],
    tokenLifetimeSeconds:
      declared.tokenLifetimeSeconds ?? known?.tokenLifetimeSeconds ?? tokenLifetime.defaultSeconds,
  }
  if (!known) await insertClient(step.tx, facts, step.nowMs)
  else if (differs(known, facts) || authenticationDiffers(known, authentication))
    await updateClient(step.tx, facts, step.nowMs)
  await addSecrets(step, declared, account, known)
}

function refuse(
  account: Account,
  declared: DeclaredClient,
  known: Client | undefined,
  scopes: ReadonlySet<string>,
): string[] {
  const errors: string[] = []
  if (known && known.accountId !== account.id)
    errors.push('it belongs to another account. Choose another clientId.')
  if (known && known.environment !== declared.environment)
    errors.push(`it is a ${known.environment} client, and a client never changes its environment.`)
  const other = declared.environment === 'test' ? 'production' : 'test'
  if (declared.clientId.startsWith(`${environmentPrefix(other)}-`))
    errors.push(`its id says ${other}, its environment ${declared.environment}.`)
  if (declared.environment === 'production' && account.production !== 'approved') {
    errors.push(
      `the account ${account.id} is not approved for production. Set "production": "approved" on it.`,
    )
  }
  for (const scope of declared.scopes ?? []) {
    if (!scopes.has(scope))
      errors.push(`the scope ${scope} is unknown. Did you mean ${closest(scope, [...scopes])}?`)
  }
  return errors
}

function differs(known: Client, facts: ClientFacts): boolean {
  return (
    known.name !== facts.name ||
    known.tokenLifetimeSeconds !== facts.tokenLifetimeSeconds ||
    JSON.stringify(known.scopes) !== JSON.stringify(facts.scopes)
  )
}

async function addSecrets(
  step: ApplyStep,
  declared: DeclaredClient,
  account: Account,
  known: Client | undefined,
): Promise<void> {
  const have = known?.secrets ?? []
  let alive = have.filter((secret) => isAlive(secret, step.nowMs)).length
  for (const { name, secret } of declared.secrets ?? []) {
    const hash = hashSecret(step.pepper, secret)
    // One that is there already stays as it is: also when it was revoked or ran out.
    if (have.some((stored) => stored.hash.equals(hash))) continue
    alive += 1
    if (alive > liveSecretsLimit) {
      step.errors.push(
        `client ${declared.clientId}: the secret ${name} would be its third live one. Revoke one of the two first.`,
      )
      return
    }
    const facts = {
      id: step.newId('sec'),
      clientId: declared.clientId,
      accountId: account.id,
      name,
      hash,
      hint: secret.slice(-4),
      expiresAt: null,
    }
    await insertSecret(step.tx, facts, step.nowMs)
  }
}
