import { pathsOf, secondFactorFor } from '../../paths.ts'
import { useGo } from '../../routing.ts'
import { startOver } from '../../session.ts'

/** Where a link leads once it is used: in, or to the second factor. */
export function useEnter(): (state: 'signed_in' | 'two_factor_needed', to?: string) => Promise<void> {
  const go = useGo()
  return async (state, to = pathsOf('test').home) => {
    if (state === 'two_factor_needed') return go(secondFactorFor(to), { replace: true })
    await startOver()
    go(to, { replace: true })
  }
}
