import type { TokenStore } from './token-store.ts'

/**
 * A store in memory: for tests, and as the model of your own. Clients of one process share their tokens without
 * any store.
 *
 * @example
 * createClient({ store: memoryStore(), shareTokens: false })
 */
export function memoryStore(now: () => number = Date.now): TokenStore {
  const entries = new Map<string, { value: string; untilMs: number }>()
  const locks = new Map<string, { untilMs: number }>()
  return {
    async get(name) {
      const entry = entries.get(name)
      return entry && entry.untilMs > now() ? entry.value : undefined
    },
    async set(name, value, lifetimeMs) {
      entries.set(name, { value, untilMs: now() + lifetimeMs })
    },
    async delete(name) {
      entries.delete(name)
    },
    async lock(name, holdMs) {
      const held = locks.get(name)
      if (held && held.untilMs > now()) return undefined
      const own = { untilMs: now() + holdMs }
      locks.set(name, own)
      return async () => {
        // Another may have it by now, when we took too long.
        if (locks.get(name) === own) locks.delete(name)
      }
    },
  }
}
