import type { Database } from '../database/tables.ts'
import type { Now } from '../vocabulary/clock.ts'

/** Notes when a secret was last used: in memory at once, in the database within a second. */
export interface LastUsed {
  note: (secretId: string) => void
  flush: () => Promise<void>
  close: () => Promise<void>
}

const flushMs = 1000

/** A thousand uses of a secret in a second are one update. What a crash loses is one second. */
export function createLastUsed(db: Database, now: Now, onError: (error: unknown) => void): LastUsed {
  let used = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const written = used
    used = new Map()
    for (const [secretId, at] of written) {
      await db
        .updateTable('client_secret')
        .set({ last_used_at: at })
        .where('id', '=', secretId)
        .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', at)]))
        .execute()
    }
  }

  return {
    note(secretId) {
      used.set(secretId, now())
      timer ??= setTimeout(() => void flush().catch(onError), flushMs)
    },
    flush,
    async close() {
      await flush().catch(onError)
    },
  }
}
