import { LRUCache } from 'lru-cache'
import type { Database } from '../database/tables.ts'
import type { Now } from '../vocabulary/clock.ts'
import type { Client } from './client.ts'
import { findClient } from './store.ts'

/** Clients in memory: between request and answer a warm client needs no database. */
export interface ClientDirectory {
  /** The client if it is in memory and fresh enough; never asks the database. */
  peek: (clientId: string) => Client | undefined
  /** The client, loaded when it is not in memory; one load at a time for each id. */
  find: (clientId: string) => Promise<Client | undefined>
  /**
   * The client as it is now, asked before any refusal: a correct caller with a seconds-old client or
   * secret never sees 401.
   */
  reread: (clientId: string) => Promise<Client | undefined>
  forget: (clientId: string) => void
}

/** How well this node hears of changes. */
export interface Hearing {
  /** Milliseconds since the changes were last read. */
  ageMs: () => number
  /** Reads them now. */
  poll: () => Promise<void>
}

interface Entry {
  client: Client
  loadedAt: number
}

const refreshAfterMs = 60_000
const limit = 100_000

/**
 * @param staleSeconds how long a client is served from memory while the database is away, or while changes cannot be read.
 */
export function openClientDirectory(
  db: Database,
  now: Now,
  staleSeconds: number,
  hearing: Hearing = { ageMs: () => 0, poll: async () => undefined },
): ClientDirectory {
  // By size: with `max` it takes the room for all entries when it is made.
  const entries = new LRUCache<string, Entry>({ maxSize: limit, sizeCalculation: () => 1 })
  const loads = new Map<string, Promise<Client | undefined>>()
  const queued = new Map<string, Promise<Client | undefined>>()

  /** Thousand first requests for one client are one load. */
  function load(clientId: string): Promise<Client | undefined> {
    const running = loads.get(clientId)
    if (running) return running
    const started = findClient(db, clientId)
      .then((client) => {
        // What was forgotten meanwhile was read too early to be kept.
        if (loads.get(clientId) !== started) return client
        if (client) entries.set(clientId, { client, loadedAt: now() })
        else entries.delete(clientId)
        return client
      })
      .finally(() => {
        if (loads.get(clientId) === started) loads.delete(clientId)
      })
    loads.set(clientId, started)
    return started
  }

  /** What was revoked elsewhere would not be known here: nothing in memory counts until it is. */
  const isCutOff = () => hearing.ageMs() > staleSeconds * 1000

  function peek(clientId: string): Client | undefined {
    const entry = entries.get(clientId)
    if (!entry || isCutOff()) return undefined
    const age = now() - entry.loadedAt
    if (age <= refreshAfterMs) return entry.client
    if (age > Math.max(staleSeconds * 1000, refreshAfterMs)) return undefined
    // Old but usable: the answer does not wait for the refresh, nor fail with it.
    load(clientId).catch(() => undefined)
    return entry.client
  }

  return {
    peek,
    async find(clientId) {
      if (isCutOff()) await hearing.poll()
      return peek(clientId) ?? load(clientId)
    },
    reread(clientId) {
      const running = loads.get(clientId)
      if (!running) return load(clientId)
      // One that runs may have asked before the change: what is asked now begins after it, once for all who wait.
      const next =
        queued.get(clientId) ??
        running
          .catch(() => undefined)
          .then(() => {
            queued.delete(clientId)
            return load(clientId)
          })
      queued.set(clientId, next)
      return next
    },
    forget(clientId) {
      entries.delete(clientId)
      loads.delete(clientId)
    },
  }
}
