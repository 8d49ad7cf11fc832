// What a call needs to be let in, and what follows from its answer; whichever HTTP library sends it.
import type { Runtime } from '../runtime.ts'
import type { Settings } from '../settings/settings.ts'
import type { TokenSource } from '../token/token-source.ts'
import { challengeParameter, refusesToken } from './challenge.ts'
import { resolveDestination } from './destination.ts'

/** A call that is to be made. */
export interface CallToAuthorize {
  /** A path on Latchkey's own origin, or an address of it or of one of `origins`. */
  url: string | URL
  /** Default GET. */
  method?: string | undefined
  /** Ends the wait for a token. */
  signal?: AbortSignal | undefined
}

/** What an API answered. */
export interface CallAnswer {
  status: number
  /** A header by its name in lower case; null when there is none. */
  header: (name: string) => string | null
}

/** What to send with one call. */
export interface Authorization {
  /** The whole address. */
  url: URL
  /** To be set on the request: `authorization`, and `dpop` where tokens are bound. */
  headers: Readonly<Record<string, string>>
  /**
   * Reads the answer. Ask once per answer, of the API itself, not of an origin that it redirected to.
   * @param replayable true when the body can be sent again, or there is none.
   * @returns what to send the call once more with; undefined when the answer is final.
   * @throws {TokenRequestError} when a new token is needed and none can be had.
   */
  next: (answer: CallAnswer, replayable: boolean) => Promise<Authorization | undefined>
}

export type Authorize = (call: CallToAuthorize) => Promise<Authorization>

interface ResolvedCall {
  url: URL
  method: string
  signal: AbortSignal | undefined
}

/** What was tried for a call already: each of it once. */
interface Tried {
  renewal: boolean
  nonce: boolean
}

export function createAuthorize(settings: Settings, tokens: TokenSource, runtime: Runtime): Authorize {
  const { dpop } = settings

  async function authorize(call: ResolvedCall, token: string, tried: Tried): Promise<Authorization> {
    const { url, method } = call
    const address = url.href
    const proof =
      dpop && (await dpop.prove({ method, url: address, accessToken: token, nowMs: runtime.now() }))
    const again = (now: string, more: Partial<Tried>) => authorize(call, now, { ...tried, ...more })
    return {
      url,
      headers: proof ? { authorization: `DPoP ${token}`, dpop: proof } : { authorization: `Bearer ${token}` },
      async next(answer, replayable) {
        const { status } = answer
        const challenge = answer.header('www-authenticate')
        dpop?.learn(address, answer.header('dpop-nonce'))
        // RFC 9449 §9: the token is good, the proof lacks the nonce that came just now.
        if (
          dpop &&
          status === 401 &&
          !tried.nonce &&
          challengeParameter(challenge, 'error') === 'use_dpop_nonce'
        )
          return replayable ? again(token, { nonce: true }) : undefined
        if (status !== 401 && status !== 403) tokens.tally.called(runtime.now())
        if (!settings.retryOn401 || !refusesToken(status, challenge)) return undefined
        const life = await tokens.life()
        if (!tried.renewal && !life.drop(token)) return undefined
        if (tried.renewal || !replayable) {
          // A new token did not help, or whether one helps shows at the next call: no further renewal for now.
          life.keepForNow()
          return undefined
        }
        tokens.observe({ name: 'api.retry_401', value: 1 })
        return again(await tokens.get(call.signal), { renewal: true })
      },
    }
  }

  return async ({ url, method = 'GET', signal }) => {
    const destination = resolveDestination(url, settings)
    return authorize({ url: destination, method, signal }, await tokens.get(signal), {
      renewal: false,
      nonce: false,
    })
  }
}
