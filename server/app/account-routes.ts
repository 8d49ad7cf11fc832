import type { KeyObject } from 'node:crypto'
import type { ActivityStore } from '../activity/activity-store.ts'
import { auditRoutes } from '../activity/audit-routes.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { clientRoutes } from '../clients/client-routes.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import type { PublishedKeys } from '../clients/published-keys.ts'
import { secretRoutes } from '../clients/secret-routes.ts'
import type { Config } from '../config.ts'
import type { ChangeWatch } from '../database/changes.ts'
import type { Database } from '../database/tables.ts'
import type { HttpServer } from '../http/server.ts'
import type { DoOnce } from '../idempotency.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import { activityOperations } from './activity.ts'
import { catalogueAndAccountRoutes } from './catalogue.ts'
import { secretActivity } from './secret-activity.ts'

/** What the operations of the account API are made of. */
export interface AccountApiOptions {
  db: Database
  now: Now
  newId: NewId
  doOnce: DoOnce
  pepper: KeyObject
  catalogue: Catalogue
  clients: ClientDirectory
  publishedKeys: PublishedKeys
  publicUrl: string
  /** Where a reader turns who needs something of the operator. */
  support: string | undefined
  /** Tells, once a change is committed, on which nodes it is in effect. */
  changes: Pick<ChangeWatch, 'waitForNodes'>
  activity: ActivityStore
  deprecated: Config['deprecated']
  /** What a member does with his sign-in, and with other members. */
  peopleRoutes: readonly ((server: HttpServer) => void)[]
}

/** Every operation under `/account`: a line for each group. */
export function accountRoutes(options: AccountApiOptions): ((server: HttpServer) => void)[] {
  const { db } = options
  return [
    ...catalogueAndAccountRoutes(options),
    auditRoutes(db),
    activityOperations(options),
    clientRoutes(options),
    ...options.peopleRoutes,
    secretRoutes({ ...options, activity: secretActivity(options.activity) }),
  ]
}
