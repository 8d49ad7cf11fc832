import { setTimeout as wait } from 'node:timers/promises'

const usuallyMs = 10_000

/**
 * Looks until there is something.
 * @param what names it, for when it never comes.
 * @param mostMs how long it may take.
 */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  what: string,
  mostMs = usuallyMs,
): Promise<T> {
  const end = performance.now() + mostMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > end) throw new Error(`There is no ${what} after ${mostMs} ms.`)
    await wait(20)
  }
}

/** Looks until it holds. @param what names it, for when it never does. */
export async function untilTrue(
  holds: () => boolean | Promise<boolean>,
  what: string,
  mostMs?: number,
): Promise<void> {
  await until(async () => ((await holds()) ? true : undefined), what, mostMs)
}
