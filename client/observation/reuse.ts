// Whether tokens are reused, by the same definition as the dashboard's (a test compares the two).

export interface ReuseFacts {
  /** Granted token requests. */
  tokenRequests: number
  /** Calls that APIs granted. */
  apiCalls: number
  /** In how many hours of the clock there were calls. */
  activeHours: number
  tokenLifetimeSeconds: number
}

export interface ReuseVerdict {
  verdict: 'healthy' | 'fair' | 'poor' | 'too_few_calls' | 'no_calls_seen'
  /** How many token requests there were for 100 calls; null without calls. */
  tokenRequestsPer100Calls: number | null
  /** Of 100 calls those that cost no token request too many: the reuse ratio. null below 20 calls. */
  healthyPercent: number | null
}

/** Fewer say nothing: a program that was started twice has two tokens. */
const judgedFromCalls = 20
/** Token requests that are nobody's fault: a start, a second process. */
const forgiven = 2

export function judgeReuse(facts: ReuseFacts): ReuseVerdict {
  const { tokenRequests, apiCalls, activeHours, tokenLifetimeSeconds } = facts
  if (apiCalls === 0)
    return { verdict: 'no_calls_seen', tokenRequestsPer100Calls: null, healthyPercent: null }
  const tokenRequestsPer100Calls = Math.round((tokenRequests / apiCalls) * 100)
  if (apiCalls < judgedFromCalls)
    return { verdict: 'too_few_calls', tokenRequestsPer100Calls, healthyPercent: null }
  // A token for each lifetime in which there were calls.
  const needed = activeHours * Math.max(1, Math.ceil(3600 / tokenLifetimeSeconds)) + forgiven
  const unneeded = Math.max(0, tokenRequests - needed)
  const healthyPercent = Math.max(0, Math.round((1 - unneeded / apiCalls) * 100))
  const verdict = healthyPercent >= 90 ? 'healthy' : healthyPercent >= 50 ? 'fair' : 'poor'
  return { verdict, tokenRequestsPer100Calls, healthyPercent }
}
