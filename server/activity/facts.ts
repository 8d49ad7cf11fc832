import { hash } from 'node:crypto'
import { cleanText, longest } from './clean-text.ts'
import type { ActivityEntry } from './entry.ts'

/** What entries have in common: all by which they are looked for, but their time. */
export type Facts = Pick<
  ActivityEntry,
  | 'accountId'
  | 'environment'
  | 'clientId'
  | 'kind'
  | 'operation'
  | 'scopes'
  | 'requiredScope'
  | 'status'
  | 'error'
  | 'secretId'
  | 'host'
>

/** A short way to know the same facts again, before they are cleaned. */
export function factsKey(entry: Facts): string {
  return `${entry.accountId}\n${entry.environment}\n${entry.clientId}\n${entry.kind}\n${entry.operation}\n${entry.status}\n${entry.error}\n${entry.secretId}\n${entry.requiredScope}\n${entry.host}\n${entry.scopes}`
}

/** The facts as they are stored. */
export function factsOf(entry: Facts): Facts {
  const { accountId, environment, kind, operation, requiredScope, status, error, secretId } = entry
  const clientId = entry.clientId === null ? null : cleanText(entry.clientId, longest.clientId)
  const scopes = cleanText(entry.scopes, longest.scopes)
  const host = cleanText(entry.host, longest.host)
  return {
    accountId,
    environment,
    clientId,
    kind,
    operation,
    scopes,
    requiredScope,
    status,
    error,
    secretId,
    host,
  }
}

/** The facts without what an outsider can make up: how refusals are kept once too many of them differ. */
export function coarseFacts(facts: Facts): Facts {
  return { ...facts, clientId: facts.accountId === null ? null : facts.clientId, scopes: '', host: '' }
}

/** The same facts have the same id, on every node and after every start: nobody has to ask for it. */
export function factsId(facts: Facts): string {
  const digest = hash('sha256', JSON.stringify(Object.values(facts)), 'hex')
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-${digest.slice(12, 16)}-${digest.slice(16, 20)}-${digest.slice(20, 32)}`
}
