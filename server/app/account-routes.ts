import type { KeyObject } from 'node:crypto'
import { accountReadRoutes } from '../accounts/routes.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import type { Database } from '../database/tables.ts'
import type { HttpServer } from '../http/server.ts'
import type { DoOnce } from '../idempotency.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'

/** What the operations of the account API are made of. */
export interface AccountApiOptions {
  db: Database
  now: Now
  newId: NewId
  doOnce: DoOnce
  pepper: KeyObject
  catalogue: Catalogue
  clients: ClientDirectory
}

/** Every operation under `/account`: a line for each group. */
export function accountRoutes({ db }: AccountApiOptions): ((server: HttpServer) => void)[] {
  return [accountReadRoutes(db)]
}
