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
import { type AccountRoutesOptions, mountAccountApi } from '../http/account-routes.ts'
import type { HttpServer } from '../http/server.ts'
import { createDoOnce, type DoOnce } from '../idempotency.ts'
import { identificationReads } from '../identification/member-routes.ts'
import { eventReads } from '../notification/member-routes.ts'
import { keyRoutes } from '../oauth/key-routes.ts'
import { type TryOptions, tryRoutes } from '../oauth/try-routes.ts'
import { documentReads } from '../signature/member-routes.ts'
import type { Signer } from '../signing/signer.ts'
import { openVault, sharedSecret, type Vault } from '../vault.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import { activityOperations } from './activity.ts'
import { catalogueAndAccountRoutes } from './catalogue.ts'
import { type Callers, findAccountCaller } from './guard.ts'
import type { People } from './people.ts'
import { createProductionChecks } from './production-checks.ts'
import { secretActivity } from './secret-activity.ts'
import { type SystemOptions, systemRoutes } from './system-routes.ts'

/** What the operations of the account API are made of. */
export interface AccountApiOptions {
  db: Database
  now: Now
  newId: NewId
  vault: Vault
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
  /** What a member tries. */
  trying: TryOptions
  /** Who makes new signing keys. */
  signer: Signer
  system: SystemOptions
  people: People
}

/** Mounts every operation under `/account`. */
export async function mountAccount(
  server: HttpServer,
  options: AccountApiOptions,
  guarded: Omit<AccountRoutesOptions, 'findMember' | 'findAccountCaller' | 'lookAgain'>,
  callers: Callers,
): Promise<void> {
  const { db, vault, now, people } = options
  const doOnce = createDoOnce(db, openVault(await sharedSecret(db, vault, 'idempotent-answers', now())), now)
  const silently = { ...callers, countCall: () => undefined }
  await mountAccountApi(server, accountRoutes({ ...options, doOnce }), {
    ...guarded,
    findMember: people.findMember,
    findAccountCaller: (token, from) => findAccountCaller(db, callers, token, from),
    lookAgain: (token, from) => findAccountCaller(db, silently, token, from),
  })
}

export interface RoutesOptions extends AccountApiOptions {
  doOnce: DoOnce
}

/** A line for each group. */
function accountRoutes(options: RoutesOptions): ((server: HttpServer) => void)[] {
  const { db, now } = options
  return [
    ...catalogueAndAccountRoutes({
      ...options,
      checkProduction: createProductionChecks(options),
    }),
    auditRoutes(db),
    activityOperations(options),
    clientRoutes(options),
    ...options.people.routes,
    documentReads(db),
    eventReads(db),
    identificationReads(db, now),
    tryRoutes(options.trying),
    keyRoutes({ ...options, signer: options.signer }),
    systemRoutes(options.system),
    secretRoutes({ ...options, activity: secretActivity(options.activity) }),
  ]
}
