// What clients did on all nodes together: each node writes its own counts in batches each second, and reads the others'.
import type { Now } from '../vocabulary/clock.ts'
import type { SharedStore } from './shared-store.ts'
import type { Usage } from './token-quota.ts'

export interface SharedUsage {
  /** Notes that a count changed; it goes with the next batch. */
  note: (usage: Usage) => void
  /** Sends what waits. */
  flush: () => Promise<void>
  close: () => Promise<void>
}

const batchMs = 1000
const batchUsages = 500

export function openSharedUsage(store: SharedStore, now: Now): SharedUsage {
  let waiting = new Set<Usage>()
  let sending = Promise.resolve()

  async function exchange(usages: readonly Usage[]): Promise<void> {
    const answers = await store.ask(async (redis) => {
      const commands = redis.pipeline()
      for (const usage of usages) {
        const key = `${store.prefix}usage:${usage.key}`
        // Whole counts in a field of this node's own: sent twice they are not counted twice.
        commands
          .hset(key, store.nodeId, `${usage.tokenRequests} ${usage.calls}`)
          .expire(key, usage.windowSeconds * 2)
          .hgetall(key)
      }
      const results = (await commands.exec()) ?? []
      for (const [error] of results) if (error) throw error
      return results.map(([, result]) => result)
    })
    if (!answers) {
      // It goes with a later batch, unless its window is over by then.
      for (const usage of usages) if (usage.endsAtMs > now()) waiting.add(usage)
      return
    }
    for (const [index, usage] of usages.entries()) {
      const counts = answers[index * 3 + 2]
      if (isRecord(counts)) usage.elsewhere = sumOfOthers(counts, store.nodeId)
    }
  }

  async function sendAll(): Promise<void> {
    const usages = [...waiting]
    waiting = new Set()
    for (let from = 0; from < usages.length; from += batchUsages)
      await exchange(usages.slice(from, from + batchUsages))
  }

  function flush(): Promise<void> {
    sending = sending.then(sendAll, sendAll)
    return sending
  }

  const timer = setInterval(() => void flush().catch(() => undefined), batchMs)
  timer.unref()

  return {
    note: (usage) => void waiting.add(usage),
    flush,
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}

function sumOfOthers(counts: Record<string, unknown>, ownId: string): Usage['elsewhere'] {
  const sum = { tokenRequests: 0, calls: 0 }
  for (const [nodeId, text] of Object.entries(counts)) {
    const [, tokenRequests, calls] = /^(\d{1,12}) (\d{1,12})$/.exec(String(text)) ?? []
    if (nodeId === ownId || tokenRequests === undefined) continue
    sum.tokenRequests += Number(tokenRequests)
    sum.calls += Number(calls)
  }
  return sum
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
