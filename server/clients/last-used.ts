import type { Database } from '../database/tables.ts'
import type { Now } from '../vocabulary/clock.ts'

/** Notes when and from where a secret was last used: in memory at once, in the database within ten seconds. */
export interface LastUsed {
  note: (secretId: string, address: string | null) => void
  flush: () => Promise<void>
  close: () => Promise<void>
}

interface Use {
  at: number
  address: string | null
}

const flushMs = 10_000
/** So many rows go into one transaction: it holds up what else this thread has to do. */
const chunk = 100

/** A thousand uses of a secret are one update. What a crash loses is ten seconds; the activity has every use. */
export function createLastUsed(db: Database, now: Now, onError: (error: unknown) => void): LastUsed {
  let used = new Map<string, Use>()
  let timer: NodeJS.Timeout | undefined

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const written = [...used]
    used = new Map()
    for (let index = 0; index < written.length; index += chunk) {
      await db.transaction().execute(async (tx) => {
        for (const [secretId, use] of written.slice(index, index + chunk)) await writeUse(tx, secretId, use)
      })
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  return {
    note(secretId, address) {
      used.set(secretId, { at: now(), address })
      timer ??= setTimeout(() => void flush().catch(onError), flushMs)
    },
    flush,
    async close() {
      await flush().catch(onError)
    },
  }
}

/** Another node may have seen a later use. */
async function writeUse(tx: Database, secretId: string, { at, address }: Use): Promise<void> {
  await tx
    .updateTable('client_secret')
    .set({ last_used_at: at, last_used_address: address })
    .where('id', '=', secretId)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', at)]))
    .execute()
}

/** Cuts the addresses of uses long ago: they are personal data. */
export async function cutLastUsedAddresses(db: Database, beforeMs: number): Promise<void> {
  await db
    .updateTable('client_secret')
    .set({ last_used_address: null })
    .where('last_used_at', '<', beforeMs)
    .where('last_used_address', 'is not', null)
    .execute()
}
