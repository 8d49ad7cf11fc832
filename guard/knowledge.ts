// What a guard learns from the authorization server beyond the published keys: introspection and revocations.
import type { AccessToken } from './access-token.ts'
import { createAsk, requireTls } from './authorization-server.ts'
import { type Following, followRevocations, type RevocationFeed } from './follow.ts'
import type { GuardOptions } from './guard-options.ts'
import { createIntrospect, type Introspect } from './introspection.ts'
import type { Refusals } from './refusals.ts'

type Environment = AccessToken['environment']

/** What is known beyond the token itself. */
export interface Knowledge {
  /** The token as the authorization server describes it now; without introspection as it is. @throws {GuardError} 401, 503. */
  introspect: Introspect
  /** How long what introspection said is used again; undefined: there is none. */
  cacheSeconds: number | undefined
  /** True: `refuseRevoked` has something to say. */
  follows: boolean
  /** @throws {GuardError} 401 for a revoked token, 503 while nobody knows. */
  refuseRevoked: (token: AccessToken, refusals: Refusals) => Promise<void>
  following: () => Partial<Record<Environment, Following>>
  close: () => void
}

/** @throws {TypeError} when an environment of the guard has no client to ask with. */
export function createKnowledge(
  options: GuardOptions,
  { jwksUri, clockSkewSeconds, now }: { jwksUri: string; clockSkewSeconds: number; now: () => number },
): Knowledge {
  const { issuer, audiences } = options
  const introspection = chosen(options.introspection)
  const follow = chosen(options.follow)
  const onError = quietly(options.onError ?? ((error: Error) => process.emitWarning(error)))
  const cacheSeconds = introspection && (introspection.cacheSeconds ?? 5)
  const introspects = new Map<Environment, Introspect>()
  const feeds = new Map<Environment, RevocationFeed>()
  const environments = (['test', 'production'] as const).filter((each) => audiences[each] !== undefined)
  for (const environment of introspection || follow ? environments : []) {
    const client = options.resourceServer?.[environment]
    if (!client)
      throw new TypeError(
        `resourceServer.${environment} is missing: introspection and follow ask as that client.`,
      )
    if (introspection) {
      const url = introspection.url ?? `${issuer}/connect/introspect`
      requireTls(url)
      const ask = createAsk(client, introspection.timeoutMs ?? 3000)
      const { signed = false } = introspection
      introspects.set(
        environment,
        createIntrospect({
          ...{ issuer, jwksUri, audiences, url, ask, signed, now, onError },
          clientId: client.clientId,
          cacheSeconds: cacheSeconds ?? 0,
        }),
      )
    }
    if (follow) {
      const { url = `${issuer}/connect/revocations`, whenStale = 'refuse' } = follow
      requireTls(url)
      const ask = createAsk(client, follow.timeoutMs ?? 3000)
      const { everySeconds = 1, maxStalenessSeconds = 300 } = follow
      const elapsed = () => performance.now()
      feeds.set(
        environment,
        followRevocations({
          ...{ ask, url, everySeconds, maxStalenessSeconds, whenStale, clockSkewSeconds },
          ...{ now, elapsed, onError },
        }),
      )
    }
  }
  return {
    cacheSeconds,
    follows: feeds.size > 0,
    async introspect(text, token, refusals) {
      return introspects.get(token.environment)?.(text, token, refusals) ?? token
    },
    async refuseRevoked(token, refusals) {
      const feed = feeds.get(token.environment)
      if (!feed) return
      let verdict = feed.verdict(token)
      if (verdict === 'unknown') {
        // The first calls of a new process wait for the first answer instead of being refused.
        await feed.firstTry
        verdict = feed.verdict(token)
      }
      if (verdict === 'revoked') throw refusals.revoked(token)
      if (verdict === 'unknown') throw refusals.unavailable(stale, 5)
    },
    following: () => Object.fromEntries([...feeds].map(([environment, feed]) => [environment, feed.state()])),
    close: () => {
      for (const feed of feeds.values()) feed.close()
    },
  }
}

const stale =
  'Which tokens were revoked is not known here at the moment, so the token cannot be checked. Retry after the time in Retry-After.'

function chosen<Options extends object>(option: boolean | Options | undefined): Partial<Options> | undefined {
  if (option === undefined || option === false) return undefined
  return option === true ? {} : option
}

/** Whoever is told of a failure must not cause another one: the feed goes on, the call is answered. */
function quietly(tell: (error: Error) => void): (error: Error) => void {
  return (error) => {
    try {
      tell(error)
    } catch {
      process.emitWarning('onError of the guard has thrown itself.')
    }
  }
}
