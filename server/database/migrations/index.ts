import type { Migration } from '../migrate.ts'
import { foundation } from './0001-foundation.ts'
import { tokenService } from './0002-token-service.ts'
import { fetchedKeys } from './0003-fetched-keys.ts'
import { leases } from './0004-leases.ts'
import { accountApi } from './0005-account-api.ts'
import { people } from './0006-people.ts'
import { deviceSignIn } from './0007-device-sign-in.ts'
import { tokenRequests } from './log-0001-token-requests.ts'
import { activity } from './log-0002-activity.ts'

/** The steps of the main database, oldest first. A step that was released is never changed. */
export const migrations: readonly Migration[] = [
  foundation,
  tokenService,
  fetchedKeys,
  leases,
  accountApi,
  people,
  deviceSignIn,
]

/** The steps of the activity store: `logs.db` on SQLite, the same database on PostgreSQL. */
export const logMigrations: readonly Migration[] = [tokenRequests, activity]
