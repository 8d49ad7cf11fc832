// Joins the settings, the secret as it is now, and the life of the token that belongs to both.

import { TokenRequestError } from '../errors.ts'
import type { Runtime } from '../runtime.ts'
import { readCredential } from '../settings/credential.ts'
import type { Settings } from '../settings/settings.ts'
import { processRegistry, type Registry, tokenLifeOf } from './registry.ts'
import type { RequestToken, TokenLife } from './token.ts'
import { requestToken } from './token-request.ts'
import { wait } from './wait.ts'

export interface TokenSource {
  /** A token that is good now. @throws {TokenRequestError} when none can be had. */
  get: (signal: AbortSignal | undefined) => Promise<string>
  /** The life of the token that `get` gave. */
  life: () => Promise<TokenLife>
}

interface Opened {
  fingerprint: string
  life: TokenLife
  request: RequestToken
}

export function createTokenSource(settings: Settings, runtime: Runtime): TokenSource {
  const registry: Registry = settings.shareTokens ? processRegistry() : new Map()
  let opening: Promise<Opened> | undefined

  async function open(): Promise<Opened> {
    const { secret, fingerprint } = await readCredential(settings.credential, runtime)
    return {
      fingerprint,
      life: tokenLifeOf(registry, { ...settings, fingerprint }, runtime),
      request: (signal) => requestToken({ ...settings, secret }, runtime, signal),
    }
  }

  function opened(): Promise<Opened> {
    if (opening) return opening
    const attempt = open()
    opening = attempt
    // A file that was missing may be there the next time.
    attempt.catch(() => forget(attempt))
    return attempt
  }

  function forget(attempt: Promise<Opened>): void {
    if (opening === attempt) opening = undefined
  }

  return {
    life: async () => (await opened()).life,
    async get(signal) {
      const attempt = opened()
      const { life, request, fingerprint } = await wait(attempt, signal)
      try {
        return await life.get(request, signal)
      } catch (error) {
        if (!(error instanceof TokenRequestError) || error.error !== 'invalid_client') throw error
        // The secret may have been rotated: read it once more, and try again only if it is another one.
        forget(attempt)
        const now = await wait(opened(), signal)
        if (now.fingerprint === fingerprint) throw error
        return now.life.get(now.request, signal)
      }
    },
  }
}
