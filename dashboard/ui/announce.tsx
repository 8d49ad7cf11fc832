// What happens without a visible change of focus is read aloud through one live region.
import { useSyncExternalStore } from 'react'

let text = ''
const listeners = new Set<() => void>()

/** Says it to whoever listens to the page instead of looking at it. */
export function announce(message: string): void {
  // The same words twice are said twice only when the region changes.
  text = text === message ? `${message}\u00a0` : message
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function LiveRegion() {
  const shown = useSyncExternalStore(subscribe, () => text)
  return (
    <div className="only-read-aloud" role="status" aria-live="polite">
      {shown}
    </div>
  )
}
