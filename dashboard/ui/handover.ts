// What one page leaves for the next: in memory alone, never in an address, a cache or the storage of the browser.
import { useSyncExternalStore } from 'react'

export interface Handover<T> {
  leave: (value: T) => void
  /** @param which decides; left out: whatever was left. */
  drop: (which?: (value: T) => boolean) => void
  /** What was left, as long as nobody dropped it. */
  use: () => T | undefined
}

export function createHandover<T>(): Handover<T> {
  let left: T | undefined
  const listeners = new Set<() => void>()
  const set = (value: T | undefined) => {
    left = value
    for (const listener of listeners) listener()
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    leave: set,
    drop: (which = () => true) => {
      if (left !== undefined && which(left)) set(undefined)
    },
    use: () => useSyncExternalStore(subscribe, () => left),
  }
}
