// Token requests of each client in a window: a token is there to be reused. On the hot path, hence plain counts here
// (docs/decisions/0010-limits.md); other nodes' are added when they are known, and never waited for.
import type { Now } from '../vocabulary/clock.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import type { Alert } from './alerts.ts'

/** What the quota needs to know of a client. */
export interface QuotaClient {
  id: string
  /** Its own quota; null: the setting for all, which is for a minute. */
  tokenQuotaPerHour: number | null
  tokenLifetimeSeconds: number
}

/** How a token request stands to the quota. */
export interface QuotaAnswer {
  /** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10). */
  headers: { ratelimit: string; 'ratelimit-policy': string }
  /** What its owner is to know of this request; undefined while it is within the quota. */
  note: string | undefined
}

export interface TokenQuota {
  /**
   * Counts a token request of a client that proved to be it.
   * @throws {OAuthError} `rate_limited` beyond the quota, in the mode `refuse`.
   */
  countTokenRequest: (client: QuotaClient) => QuotaAnswer
  /** Counts a call that was made with a token of the client. */
  countCall: (client: QuotaClient) => void
}

export interface TokenQuotaOptions {
  now: Now
  perMinute: number
  mode: 'observe' | 'refuse'
  alert: Alert
  /** Told of each count that changed; undefined: this node counts alone. */
  share: ((usage: Usage) => void) | undefined
}

/** What a client did in a window. */
export interface Usage {
  /** Names client and window among all nodes. */
  key: string
  windowSeconds: number
  endsAtMs: number
  tokenRequests: number
  calls: number
  /** What other nodes counted, as last heard. */
  elsewhere: { tokenRequests: number; calls: number }
}

interface Policy {
  quota: number
  name: 'minute' | 'hour'
  seconds: number
}

export function createTokenQuota({ now, perMinute, mode, alert, share }: TokenQuotaOptions): TokenQuota {
  const everybody: Policy = { quota: perMinute, name: 'minute', seconds: 60 }
  const minutes = openWindows(60)
  const hours = openWindows(3600)

  const policyOf = ({ tokenQuotaPerHour }: QuotaClient): Policy =>
    tokenQuotaPerHour === null ? everybody : { quota: tokenQuotaPerHour, name: 'hour', seconds: 3600 }
  const usageOf = (client: QuotaClient, nowMs: number) =>
    (client.tokenQuotaPerHour === null ? minutes : hours)(client.id, nowMs)

  return {
    countTokenRequest(client) {
      const nowMs = now()
      const policy = policyOf(client)
      const usage = usageOf(client, nowMs)
      const before = usage.tokenRequests + usage.elsewhere.tokenRequests
      const secondsLeft = policy.seconds - (Math.floor(nowMs / 1000) % policy.seconds)
      const left = Math.max(0, policy.quota - before - 1)
      const headers = {
        'ratelimit-policy': `"tokens";q=${policy.quota};w=${policy.seconds}`,
        ratelimit: `"tokens";r=${left};t=${secondsLeft}`,
      }
      const isBeyond = before >= policy.quota
      if (isBeyond) tell(client, policy, usage)
      if (isBeyond && mode === 'refuse') throw refusal(client, policy, usage, { headers, secondsLeft })
      usage.tokenRequests += 1
      share?.(usage)
      return {
        headers,
        note: isBeyond ? `beyond the quota of ${policy.quota} tokens ${per(policy)}` : undefined,
      }
    },
    countCall(client) {
      const usage = usageOf(client, now())
      usage.calls += 1
      share?.(usage)
    },
  }

  function tell(client: QuotaClient, policy: Policy, usage: Usage): void {
    const facts = { clientId: client.id, quota: policy.quota, per: policy.name, ...totals(usage) }
    alert(`quota ${usage.key}`, facts, 'a client requests more tokens than its quota: it does not reuse them')
  }
}

function refusal(
  client: QuotaClient,
  policy: Policy,
  usage: Usage,
  { headers, secondsLeft }: { headers: Record<string, string>; secondsLeft: number },
): OAuthError {
  const { tokenRequests, calls } = totals(usage)
  return new OAuthError(
    'rate_limited',
    `${tokenRequests} token requests ${per(policy)} for ${calls} API calls. Reuse the token: it is valid for ${client.tokenLifetimeSeconds} seconds. See /docs/reuse`,
    {
      errorPath: '/docs/reuse',
      headers: { ...headers, 'retry-after': String(secondsLeft) },
      reason: `beyond the quota of ${policy.quota} tokens ${per(policy)}`,
    },
  )
}

function per({ name }: Policy): string {
  return name === 'hour' ? 'in an hour' : 'in a minute'
}

function totals({ tokenRequests, calls, elsewhere }: Usage) {
  return { tokenRequests: tokenRequests + elsewhere.tokenRequests, calls: calls + elsewhere.calls }
}

/** The usage of each client in the window of this moment. What was before is forgotten as a whole: nothing is swept. */
function openWindows(seconds: number): (clientId: string, nowMs: number) => Usage {
  let current = 0
  let usages = new Map<string, Usage>()
  return (clientId, nowMs) => {
    const window = Math.floor(nowMs / 1000 / seconds)
    if (window !== current) {
      current = window
      usages = new Map()
    }
    const known = usages.get(clientId)
    if (known) return known
    const usage = {
      key: `${seconds}:${window}:${clientId}`,
      windowSeconds: seconds,
      endsAtMs: (window + 1) * seconds * 1000,
      tokenRequests: 0,
      calls: 0,
      elsewhere: { tokenRequests: 0, calls: 0 },
    }
    usages.set(clientId, usage)
    return usage
  }
}
