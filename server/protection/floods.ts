// Limits of what needs no credential, or what somebody may try with one of his own.
import type { Now } from '../vocabulary/clock.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { Alert } from './alerts.ts'
import { type CreateCounter, hourMs, secondsLeft } from './counter.ts'
import { keyOf, originOf } from './networks.ts'

export interface Floods {
  /**
   * The limit of a public endpoint, for each address.
   * @throws {Problem} `rate_limited`, by the function that it makes.
   */
  limitPublic: (name: string, perMinute: number) => (address: string) => Promise<void>
  /**
   * The same for whatever is named by a text, e.g. a mail address.
   * @throws {Problem} `rate_limited`, by the function that it makes.
   */
  limitEach: (name: string, perMinute: number) => (key: string) => Promise<void>
  /**
   * Counts what is named by a text and may happen a few times an hour, e.g. mail to an address.
   * @returns by the function that it makes: undefined while it may, else seconds to wait.
   */
  countHourly: (name: string, perHour: number) => (key: string) => Promise<number | undefined>
  /**
   * Counts an introspection that found nothing. Live tokens are never counted: an API whose callers send it nonsense
   * still learns about the good ones (RFC 7662 §4).
   * @throws {OAuthError} `rate_limited`
   */
  countEmptyIntrospection: (clientId: string) => Promise<void>
  /** Notes a token that does not verify. It costs no database, so it is told and not refused. */
  noteBadToken: (address: string) => void
}

export const floodLimits = { emptyIntrospections: 600, badTokens: 300 }

export function createFloods(now: Now, createCounter: CreateCounter, alert: Alert): Floods {
  const countEmpty = createCounter('introspections', floodLimits.emptyIntrospections)
  const countBadToken = createCounter('bad-tokens', floodLimits.badTokens)
  const tooMany = (most: string) =>
    new Problem('rate_limited', `At most ${most}. Retry after the time in Retry-After.`, {
      headers: { 'retry-after': String(secondsLeft(now())) },
    })
  return {
    limitPublic(name, perMinute) {
      const count = createCounter(name, perMinute)
      return async (address) => {
        if (await count(originOf(address).address))
          throw tooMany(`${perMinute} such requests a minute from one address`)
      }
    },
    limitEach(name, perMinute) {
      const count = createCounter(name, perMinute)
      return async (key) => {
        if (await count(keyOf(key))) throw tooMany(`${perMinute} such requests a minute`)
      }
    },
    countHourly(name, perHour) {
      const count = createCounter(name, perHour, hourMs)
      return async (key) => ((await count(keyOf(key))) ? secondsLeft(now(), hourMs) : undefined)
    },
    async countEmptyIntrospection(clientId) {
      if (!(await countEmpty(keyOf(clientId)))) return
      alert(
        `introspection ${clientId}`,
        { clientId },
        'a client introspects very many tokens that are not alive',
      )
      throw new OAuthError(
        'rate_limited',
        `More than ${floodLimits.emptyIntrospections} tokens in a minute were not active. Live tokens are still answered. Retry after the time in Retry-After.`,
        { headers: { 'retry-after': String(secondsLeft(now())) } },
      )
    },
    noteBadToken(address) {
      const { address: line, network } = originOf(address)
      countBadToken(line).then(
        (over) =>
          over && alert(`token ${line}`, { network }, 'many tokens that do not verify, from one address'),
        () => undefined,
      )
    },
  }
}
