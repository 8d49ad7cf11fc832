// Limits and quotas of one node, together with other nodes where Redis is set.
import type { Now } from '../vocabulary/clock.ts'
import { createAlerts } from './alerts.ts'
import { counters } from './counter.ts'
import { createFailedAttempts, type FailedAttempts } from './failed-attempts.ts'
import { createFloods, type Floods } from './floods.ts'
import type { SharedStore, SharedStoreOptions } from './shared-store.ts'
import { openSharedUsage } from './shared-usage.ts'
import { createTokenQuota, type TokenQuota } from './token-quota.ts'

export interface ProtectionOptions {
  now: Now
  tokenQuota: { perMinute: number; mode: 'observe' | 'refuse' }
  /** Where the counts of all nodes are; undefined: each node counts alone. */
  redis: { url: string; prefix: string; nodeId: string } | undefined
  warn: (facts: object, text: string) => void
}

export interface Protection extends Floods, TokenQuota {
  failedAttempts: FailedAttempts
  /** How the counts are shared: `alone` without Redis, `away` while it does not answer. */
  sharing: () => 'alone' | 'shared' | 'away'
  /** Sends what other nodes do not know yet. */
  flush: () => Promise<void>
  close: () => Promise<void>
}

export async function openProtection({
  now,
  tokenQuota,
  redis,
  warn,
}: ProtectionOptions): Promise<Protection> {
  const alert = createAlerts(now, warn)
  const store = redis && (await openStore({ ...redis, now, warn }))
  const usage = store && openSharedUsage(store, now)
  const createCounter = counters(now, store)
  return {
    failedAttempts: createFailedAttempts({ now, createCounter, alert }),
    ...createFloods(now, createCounter, alert),
    ...createTokenQuota({ now, ...tokenQuota, alert, share: usage?.note }),
    sharing: () => (store === undefined ? 'alone' : store.isAway() ? 'away' : 'shared'),
    async flush() {
      await usage?.flush()
    },
    async close() {
      await usage?.close()
      store?.close()
    },
  }
}

/** Its package takes some 20 MB, which a server without Redis does not spend. */
async function openStore(options: SharedStoreOptions): Promise<SharedStore> {
  const { openSharedStore } = await import('./shared-store.ts')
  return openSharedStore(options)
}
