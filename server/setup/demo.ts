import type { KeyObject } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasAccounts, putAccount } from '../accounts/store.ts'
import { type AuditEntry, recordAudit } from '../audit.ts'
import { tokenLifetime } from '../clients/client.ts'
import { makeClientId } from '../clients/client-id.ts'
import { hashSecret, makeSecret } from '../clients/secret.ts'
import { insertClient, insertSecret } from '../clients/store.ts'
import type { Database } from '../database/tables.ts'
import { systemActor } from '../vocabulary/actor.ts'
import type { NewId } from '../vocabulary/clock.ts'

/** The scopes that most callers use, one API each at least. */
export const demoScopes = ['document_file', 'document_read', 'document_write', 'event', 'identify']

export interface DemoOptions {
  db: Database
  pepper: KeyObject
  dataDir: string
  publicUrl: string
  nowMs: number
  newId: NewId
}

/**
 * On a first start on this machine alone: an account with one test client, its secret in `demo.env`
 * (mode 0600), so that the first token is one command away.
 * @returns the path of `demo.env`, when there is a demo client.
 */
export async function makeDemo({
  db,
  pepper,
  dataDir,
  publicUrl,
  nowMs,
  newId,
}: DemoOptions): Promise<string | undefined> {
  const file = join(dataDir, 'demo.env')
  if (await hasAccounts(db)) return existsSync(file) ? renewUrl(file, publicUrl) : undefined
  const accountId = 'demo'
  const clientId = makeClientId('test')
  const { id, secret, hint } = makeSecret('test')
  await db.transaction().execute(async (tx) => {
    await putAccount(tx, { id: accountId, name: 'Demo', production: 'none' }, nowMs)
    const client = {
      id: clientId,
      accountId,
      environment: 'test' as const,
      name: 'Demo client',
      scopes: demoScopes,
      tokenLifetimeSeconds: tokenLifetime.defaultSeconds,
    }
    await insertClient(tx, client, nowMs)
    await insertSecret(
      tx,
      {
        id,
        clientId,
        accountId,
        name: 'Demo secret',
        hash: hashSecret(pepper, secret),
        hint,
        expiresAt: null,
      },
      nowMs,
    )
    const { name, scopes, tokenLifetimeSeconds } = client
    const at = { accountId, actor: systemActor('first_start'), before: null }
    const entries: AuditEntry[] = [
      {
        ...at,
        environment: null,
        action: 'account.created',
        object: { kind: 'account', id: accountId, version: 1 },
        after: { name: 'Demo', production: 'none' },
      },
      {
        ...at,
        environment: 'test',
        action: 'client.created',
        object: { kind: 'client', id: clientId, version: 1 },
        after: { name, scopes, tokenLifetimeSeconds },
      },
      {
        ...at,
        environment: 'test',
        action: 'secret.created',
        object: { kind: 'secret', id },
        after: { clientId, name: 'Demo secret', hint, expiresAt: null },
      },
    ]
    for (const entry of entries) await recordAudit(tx, entry, newId, nowMs)
    // Inside the transaction: without its file the client would be of no use to anybody.
    writeEnv(
      file,
      `LATCHKEY_URL=${publicUrl}\nLATCHKEY_CLIENT_ID=${clientId}\nLATCHKEY_CLIENT_SECRET=${secret}\nLATCHKEY_SCOPES="${scopes.join(' ')}"\n`,
    )
  })
  return file
}

/** The port may be another one today. */
function renewUrl(file: string, publicUrl: string): string {
  const text = readFileSync(file, 'utf8')
  const renewed = text.replace(/^LATCHKEY_URL=.*$/m, `LATCHKEY_URL=${publicUrl}`)
  if (renewed !== text) writeEnv(file, renewed)
  return file
}

function writeEnv(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 })
  // The mode above counts only for a new file.
  chmodSync(file, 0o600)
}
