// The session may end while a page of it is open. What is shown belongs to it, so the door is shown instead and leads
// back; unless something typed would be lost by that: then the page stays, and says how to go on.
import { useSyncExternalStore } from 'react'
import { signInFor } from './paths.ts'

/** `before`: no page of a session has been shown yet, the router alone decides where to go. */
type State = 'before' | 'lasts' | 'over'

let state: State = 'before'
let unsaved = 0
const listeners = new Set<() => void>()

function become(next: State): void {
  if (state === next) return
  state = next
  for (const listener of listeners) listener()
}

/** A page of a session is shown. */
export function sessionBegins(): void {
  become('lasts')
}

/** The API answered: whoever signed in again elsewhere goes on here. */
export function sessionAnswered(): void {
  if (state === 'over') become('lasts')
}

/** The API says that nobody is signed in. @param isChange what was typed for it is in the page still. */
export function sessionRefused(isChange: boolean): void {
  if (state === 'before') return
  if (isChange || unsaved > 0) {
    become('over')
    return
  }
  const { pathname, search, hash } = window.location
  window.location.assign(signInFor(pathname + search + hash))
}

/** Something exists in this page alone. @returns what says that it is saved, or given up. */
export function holdUnsaved(): () => void {
  unsaved += 1
  return () => {
    unsaved -= 1
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether the session of the page that is shown is over. */
export function useIsSessionOver(): boolean {
  return useSyncExternalStore(subscribe, () => state === 'over')
}
