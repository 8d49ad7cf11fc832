import type { BetterAuth, BetterAuthOptions } from './better-auth.ts'

/** What keeps passwords, sessions and second factors: loaded when the first person comes. */
export type OpenAuth = () => Promise<BetterAuth>

/** Loads better-auth once, when it is first asked for. */
export function openAuth(options: BetterAuthOptions): OpenAuth {
  let loaded: Promise<BetterAuth> | undefined
  return () => {
    loaded ??= import('./better-auth.ts').then(({ createBetterAuth }) => createBetterAuth(options))
    return loaded
  }
}
