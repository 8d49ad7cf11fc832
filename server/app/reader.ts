// What the documentation shows a member who is signed in, of his own account: its clients, and a request that failed.
import type { ActivityStore } from '../activity/activity-store.ts'
import { createExplanation } from '../activity/explanation.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { listClients } from '../clients/list-store.ts'
import { findManagedClient } from '../clients/managed-store.ts'
import type { Database } from '../database/tables.ts'
import { mendSteps } from '../pages/docs/error-source.ts'
import type { FindReader, Reader, ReaderClient, ReaderRequest } from '../pages/docs/reader.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import type { Now } from '../vocabulary/clock.ts'
import { environments } from '../vocabulary/environment.ts'
import type { People } from './people.ts'

export interface ReaderOptions {
  db: Database
  now: Now
  publicUrl: string
  catalogue: Catalogue
  activity: ActivityStore
  people: Pick<People, 'findMember'>
}

/** How many clients of an environment a list to choose from has. */
const clientsLimit = 100

/** Finds the member behind the cookie of a request; nothing of his account is read before a page asks. */
export function createFindReader(options: ReaderOptions): FindReader {
  return async (request) => {
    const caller = await options.people.findMember(request)
    return caller && readerOf(caller, options)
  }
}

function readerOf({ accountId, permissions }: AccountCaller, options: ReaderOptions): Reader {
  const { db, now, publicUrl, catalogue, activity } = options
  const explain = createExplanation({
    publicUrl,
    findMend: mendSteps,
    findScopes: async (owner, clientId) => (await findManagedClient(db, owner, clientId, now()))?.scopes,
    isScope: (name) => catalogue.find(name) !== undefined,
  })
  let clients: Promise<ReaderClient[]> | undefined

  async function readClients(): Promise<ReaderClient[]> {
    if (!permissions.has('clients:read')) return []
    const wish = { below: undefined, limit: clientsLimit, state: 'active' as const }
    const lists = await Promise.all(
      environments.map(async (environment) => {
        const found = await listClients(db, { accountId, environment }, wish, now())
        return found.slice(0, clientsLimit).map(({ id, name, scopes }) => ({ id, name, environment, scopes }))
      }),
    )
    return lists.flat()
  }

  async function findRequest(requestId: string): Promise<ReaderRequest | undefined> {
    if (!permissions.has('activity:read')) return undefined
    for (const environment of environments) {
      const entry = await activity.find({ accountId, environment }, requestId)
      if (!entry) continue
      const { whatHappened, why, fix } = await explain(entry)
      return {
        ...{ requestId, whatHappened, why, error: entry.error, editUrl: fix?.editUrl ?? null },
        logsPath: `/${environment}/logs?${new URLSearchParams({ entry: requestId })}`,
      }
    }
    return undefined
  }

  return {
    clients() {
      clients ??= readClients()
      return clients
    },
    findRequest,
  }
}
