import { useEffect, useState } from 'react'

/**
 * Gives the focus back to what had it, when a dialog goes together with its component: the dialog itself does so only
 * where it stays and closes.
 */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      // After the dialog has gone; who went to another page has nothing to come back to.
      setTimeout(() => {
        const isLost = document.activeElement === null || document.activeElement === document.body
        if (isLost && before instanceof HTMLElement && before.isConnected) before.focus()
      })
    },
    [before],
  )
}
