import { useEffect } from 'react'
import { holdUnsaved } from '../session-end.ts'

/** While something typed is in this page alone, the end of the session does not take the page away. */
export function useUnsaved(when: boolean): void {
  useEffect(() => (when ? holdUnsaved() : undefined), [when])
}
