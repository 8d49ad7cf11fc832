import type { Database } from '../database/tables.ts'
import type { Now } from '../vocabulary/clock.ts'

/** Notes when a secret was last used: in memory at once, in the database within ten seconds. */
export interface LastUsed {
  note: (secretId: string) => void
  flush: () => Promise<void>
  close: () => Promise<void>
}

const flushMs = 10_000
/** So many rows go into one transaction: it holds up what else this thread has to do. */
const chunk = 100

/** A thousand uses of a secret are one update. What a crash loses is ten seconds; the activity has every use. */
export function createLastUsed(db: Database, now: Now, onError: (error: unknown) => void): LastUsed {
  let used = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const written = [...used]
    used = new Map()
    for (let index = 0; index < written.length; index += chunk) {
      await db.transaction().execute(async (tx) => {
        for (const [secretId, at] of written.slice(index, index + chunk)) await writeUse(tx, secretId, at)
      })
      await new Promise((resolve) => setImmediate(resolve))
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

/** Another node may have seen a later use. */
async function writeUse(tx: Database, secretId: string, at: number): Promise<void> {
  await tx
    .updateTable('client_secret')
    .set({ last_used_at: at })
    .where('id', '=', secretId)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', at)]))
    .execute()
}
