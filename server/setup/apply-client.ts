import { closest } from 'fastest-levenshtein'
import type { EntitledAccount } from '../accounts/grant-store.ts'
import { retiredText } from '../catalogue/availability.ts'
import type { StoredScope } from '../catalogue/store.ts'
import { refuseAuthentication } from '../clients/authentication-facts.ts'
import { type Client, isAlive, liveSecretsLimit } from '../clients/client.ts'
import {
  auditMembers,
  changedMembers,
  membersOf,
  mergeMembers,
  newMembers,
} from '../clients/client-members.ts'
import { hashSecret } from '../clients/secret.ts'
import { findClient, insertClient, insertSecret, updateClient } from '../clients/store.ts'
import { environmentPrefix } from '../vocabulary/environment.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { isReservedScope } from '../vocabulary/permission.ts'
import type { ApplyStep } from './apply.ts'
import { readAuthentication } from './declared-authentication.ts'
import type { DeclaredClient } from './declared-setup.ts'

/** Creates or changes one client and adds the secrets it does not have yet. */
export async function applyClient(
  step: ApplyStep,
  account: EntitledAccount,
  declared: DeclaredClient,
  scopes: ReadonlyMap<string, StoredScope>,
): Promise<void> {
  const known = await findClient(step.tx, declared.clientId)
  const { named, errors: nameErrors } = readAuthentication(declared)
  const before = known && membersOf(known)
  const { name, scopes: declaredScopes, tokenLifetimeSeconds } = declared
  // What the set-up does not name stays as people set it.
  const after = mergeMembers({ ...named, name, scopes: declaredScopes, tokenLifetimeSeconds }, before)
  const hasSecret = (declared.secrets ?? []).length + (known?.secrets.length ?? 0) > 0
  const errors = [
    ...refuse(account, declared, known, scopes),
    ...nameErrors,
    ...refuseAuthentication(named, after, hasSecret),
  ]
  if (errors.length > 0) {
    step.errors.push(...errors.map((error) => `client ${declared.clientId}: ${error}`))
    return
  }
  const owner = { accountId: account.id, environment: declared.environment }
  const facts = { ...owner, ...after, id: declared.clientId }
  const object = (version: number) => ({ kind: 'client' as const, id: declared.clientId, version })
  if (!known || !before) {
    await insertClient(step.tx, facts, step.nowMs)
    step.note({
      ...owner,
      action: 'client.created',
      object: object(1),
      before: null,
      after: auditMembers(after, newMembers(after)),
    })
  } else {
    const changed = changedMembers(before, after)
    if (changed.length > 0) {
      await updateClient(step.tx, facts, step.nowMs)
      step.note({
        ...owner,
        action: 'client.changed',
        object: object(known.version + 1),
        before: auditMembers(before, changed),
        after: auditMembers(after, changed),
      })
    }
  }
  await addSecrets(step, declared, owner, known)
}

function refuse(
  account: EntitledAccount,
  declared: DeclaredClient,
  known: Client | undefined,
  scopes: ReadonlyMap<string, StoredScope>,
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
  for (const name of declared.scopes ?? []) {
    // What it has already may stay: a scope that is retired meanwhile must not keep a server from starting.
    const scope = scopes.get(name)
    const had = known?.scopes.includes(name) === true
    if (!scope) {
      errors.push(`the scope ${name} is unknown. Did you mean ${closest(name, [...scopes.keys()])}?`)
    } else if (isReservedScope(name)) {
      if (name === 'operator' && (declared.environment !== 'production' || !account.operator)) {
        errors.push(
          'the scope operator counts on production clients of the account that runs this service alone. Set "operator": true on the account, and use a production client.',
        )
      }
    } else if (!had && scope.retiredAt !== null) errors.push(lowerFirst(retiredText(scope)))
    else if (scope.access === 'granted' && !account.grantedScopes.includes(name)) {
      errors.push(`the scope ${name} is given to single accounts. Name it in "scopes" of the account.`)
    }
  }
  return errors
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}

async function addSecrets(
  step: ApplyStep,
  declared: DeclaredClient,
  owner: Owner,
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
      accountId: owner.accountId,
      name,
      hash,
      hint: secret.slice(-4),
      expiresAt: null,
    }
    await insertSecret(step.tx, facts, step.nowMs)
    step.note({
      ...owner,
      action: 'secret.created',
      object: { kind: 'secret', id: facts.id, version: 1 },
      before: null,
      after: { clientId: declared.clientId, name, hint: `…${facts.hint}`, expiresAt: null },
    })
  }
}
