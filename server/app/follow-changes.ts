import type { Guard } from '@latchkey/guard'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import type { Revocations } from '../clients/revocations.ts'
import { type ChangeWatch, watchChanges } from '../database/changes.ts'
import type { OpenDatabase } from '../database/open.ts'
import type { SigningKeys } from '../oauth/signing-keys.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'

export interface FollowedChanges {
  database: OpenDatabase
  staleSeconds: number
  now: Now
  newId: NewId
  clients: ClientDirectory
  keys: SigningKeys
  guards: Pick<Guard, 'forget'>
  catalogue: Catalogue
  revocations: Revocations
  warn: (facts: object, text: string) => void
}

/** Forgets here what any node changed, and tells the others how far this one is. */
export function followChanges(options: FollowedChanges): Promise<ChangeWatch> {
  const { database, staleSeconds, now, newId, clients, keys, guards, catalogue, revocations, warn } = options
  return watchChanges({
    db: database.db,
    now,
    onChange: async (kind, key) => {
      if (kind === 'client') clients.forget(key)
      else if (kind === 'signing_key') {
        await keys.reload()
        // A key may have been withdrawn: no token of its is good because it once was.
        guards.forget()
      } else if (kind === 'catalogue') await catalogue.reload()
      else if (kind === 'revocation') revocations.add(key)
    },
    onError: (error) => warn({ err: error }, 'the changes of other nodes could not be read'),
    node: database.dialect === 'postgres' ? { id: newId('node'), startedAt: now(), staleSeconds } : undefined,
  })
}
