// Joins the settings, the credential as it is now, and the life of the token that belongs to both.
import { TokenRequestError } from '../errors.ts'
import { type Measurement, type Observe, quietly } from '../observation/measurement.ts'
import { type Tally, tallyOf } from '../observation/tally.ts'
import type { Runtime } from '../runtime.ts'
import { type Credential, readCredential } from '../settings/credential.ts'
import type { Settings } from '../settings/settings.ts'
import { nameOfKey, processRegistry, type Registry, tokenLifeOf } from './registry.ts'
import type { Obtain, TokenLife } from './token.ts'
import { requestToken } from './token-request.ts'
import { wait } from './wait.ts'

export interface TokenSource {
  /** A token that is good now. @throws {TokenRequestError} when none can be had. */
  get: (signal: AbortSignal | undefined) => Promise<string>
  /** The life of the token that `get` gave. */
  life: () => Promise<TokenLife>
  observe: Observe
  tally: Tally
}

interface Opened {
  fingerprint: string
  life: TokenLife
  obtain: Obtain
}

export function createTokenSource(settings: Settings, runtime: Runtime): TokenSource {
  const registry: Registry = settings.shareTokens ? processRegistry() : new Map()
  const tally = tallyOf(settings, settings.shareTokens)
  const observe = tallied(settings.observe, tally)
  let opening: Promise<Opened> | undefined

  async function open(): Promise<Opened> {
    const credential = await readCredential(settings.credential, settings.secretMethod, runtime)
    const { fingerprint } = credential
    const name = nameOfKey({ ...settings, fingerprint, thumbprint: await settings.dpop?.thumbprint() })
    return {
      fingerprint,
      life: tokenLifeOf(registry, name, runtime),
      obtain: await obtainBy(credential, name),
    }
  }

  async function obtainBy(credential: Credential, name: string): Promise<Obtain> {
    const { store } = settings
    const request = async (signal: AbortSignal) => {
      try {
        const token = await requestToken({ ...settings, credential }, runtime, observe, signal)
        tally.granted(token.lifetimeMs)
        return token
      } catch (error) {
        if (error instanceof TokenRequestError)
          observe({ name: 'token.failed', value: 1, error: labelOf(error) })
        throw error
      }
    }
    if (!store) return request
    const context = { store, credential, name, request, runtime, onFailure: warn }
    // Loaded when there is a store: most clients have none.
    return (await import('../store/shared-token.ts')).shareToken(context)
  }

  function warn(reason: string): void {
    if (tally.warned.has('store')) return
    tally.warned.add('store')
    settings.onWarning(
      `@latchkey/client: the token store cannot be used (${reason}): this process requests tokens of its own.`,
    )
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
    observe,
    tally,
    life: async () => (await opened()).life,
    async get(signal) {
      const attempt = opened()
      const { life, obtain, fingerprint } = await wait(attempt, signal)
      try {
        return await life.get(obtain, signal, observe)
      } catch (error) {
        if (!(error instanceof TokenRequestError) || error.error !== 'invalid_client') throw error
        // The secret may have been rotated: read it once more, and try again only if it is another one.
        forget(attempt)
        const now = await wait(opened(), signal)
        if (now.fingerprint === fingerprint) throw error
        return now.life.get(now.obtain, signal, observe)
      }
    },
  }
}

/** What is observed is counted too. */
function tallied(observer: Observe | undefined, tally: Tally): Observe {
  const observe = quietly(observer)
  return (measurement) => {
    const counted = countedAs[measurement.name]
    if (counted) tally.count(counted)
    observe(measurement)
  }
}

const countedAs: Partial<Record<Measurement['name'], Parameters<Tally['count']>[0]>> = {
  'token.used': 'tokensUsed',
  'token.coalesced': 'coalesced',
  'token.failed': 'failed',
  'api.retry_401': 'retriesAfter401',
}

/** A label has few values, and none is what others wrote freely. */
function labelOf({ error, status }: TokenRequestError): string {
  if (error !== undefined && /^[a-z_]{3,40}$/.test(error)) return error
  return status === undefined ? 'unreachable' : `http_${status}`
}
