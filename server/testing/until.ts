import { setTimeout as wait } from 'node:timers/promises'

const mostMs = 10_000

/** Looks until there is something. @param what names it, for when it never comes. */
export async function until<T>(look: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  const end = performance.now() + mostMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > end) throw new Error(`There is no ${what} after ${mostMs} ms.`)
    await wait(20)
  }
}
