import type { KeyObject } from 'node:crypto'
import type { DestinationStream } from 'pino'
import type { ActivityStore } from '../activity/activity-store.ts'
import type { Recorder } from '../activity/recorder.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import type { LastUsed } from '../clients/last-used.ts'
import type { PublishedKeys } from '../clients/published-keys.ts'
import type { Config } from '../config.ts'
import type { ChangeWatch } from '../database/changes.ts'
import type { OpenDatabase } from '../database/open.ts'
import type { HttpServer } from '../http/server.ts'
import type { OutboundOptions } from '../outbound.ts'
import type { Protection } from '../protection/protection.ts'
import type { Signing } from '../setup/signing.ts'
import type { Vault } from '../vault.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import type { People } from './people.ts'

export interface AppOptions {
  config: Config
  database: OpenDatabase
  vault: Vault
  now: Now
  newId: NewId
  /** Where log lines go; standard output by default. */
  logStream?: DestinationStream
  /** How addresses of others are fetched; by default the public internet alone. */
  outbound?: OutboundOptions
  /** False: no activity is recorded. No setting: a measurement tells by it what recording costs. */
  recording?: boolean
}

/** The whole program, called as a function or listening on a port. */
export interface App extends Pick<Signing, 'keys' | 'rotation' | 'background'> {
  server: HttpServer
  pepper: KeyObject
  catalogue: Catalogue
  clients: ClientDirectory
  recorder: Recorder
  /** What was recorded. */
  activity: ActivityStore
  lastUsed: LastUsed
  /** Follows what other nodes change. */
  changes: ChangeWatch
  /** Limits and quotas. */
  protection: Protection
  /** The keys that clients publish at addresses of theirs. */
  publishedKeys: PublishedKeys
  /** Members and their sessions. */
  people: People
  /** The OpenAPI document. */
  openapi: () => object
  /** From now on `/readyz` says no. */
  stopTakingRequests: () => void
  /** Ends open requests, writes what waits. The database stays open. */
  close: () => Promise<void>
}
