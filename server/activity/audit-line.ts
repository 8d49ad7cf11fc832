// An entry of the audit trail as people and programs get it, and as a line of the operator's export, which holds all
// that the chain was made of, so that whoever receives it can verify it alone (audit-file-line.ts).
import { type AuditRow, readMembers } from '../audit.ts'
import { environments } from '../vocabulary/environment.ts'

/** An entry as an answer shows it. */
export function auditEntry(row: AuditRow) {
  return {
    id: row.id,
    at: timeOf(row.at),
    environment: environments.find((environment) => environment === row.environment) ?? null,
    actor: { kind: row.actor_kind, id: row.actor_id },
    address: row.address,
    requestId: row.request_id,
    action: row.action,
    object: { kind: row.object_kind, id: row.object_id, version: row.object_version },
    before: readMembers(row.before),
    after: readMembers(row.after),
  }
}

/** As an account sees it: where a stranger was who reported a leaked secret is not for the secret's owner. */
export function ownEntry(row: AuditRow) {
  return { ...auditEntry(row), address: row.actor_kind === 'system' ? null : row.address }
}

/** The same for who may see the whole trail: with its place in the chain. */
export function chainedEntry(row: AuditRow) {
  return { seq: row.seq, accountId: row.account_id, ...auditEntry(row), hash: row.hash }
}

/** A line of the operator's export. `before` and `after` stay texts: the hash is over them as they are. */
export function chainLine(row: AuditRow): string {
  const { environment, before, after, address_salt: addressSalt, address_digest: addressDigest } = row
  const whole = { ...chainedEntry(row), environment, before, after, addressSalt, addressDigest }
  return `${JSON.stringify(whole)}\n`
}

/** A line of an account's export. */
export function entryLine(row: AuditRow): string {
  return `${JSON.stringify(ownEntry(row))}\n`
}

function timeOf(ms: number): string {
  const time = new Date(ms)
  return Number.isNaN(time.getTime()) ? 'invalid' : time.toISOString()
}
