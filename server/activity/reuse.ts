// Whether a client reuses its tokens: judged by what it did, and never blamed for what is not seen here.

export interface ReuseFacts {
  /** Granted token requests of the window. */
  tokenRequests: number
  /** Granted calls of the window that were made here. */
  apiCalls: number
  /** In how many hours of the window there were calls: so many tokens are needed at least, if they live an hour. */
  activeHours: number
  tokenLifetimeSeconds: number
  /** True: some of its scopes are of APIs that are guarded elsewhere, which report no calls. */
  callsElsewhere: boolean
}

export interface ReuseHealth {
  verdict: 'healthy' | 'fair' | 'poor' | 'too_few_calls' | 'no_calls_seen' | 'calls_elsewhere'
  /** How many token requests there were for 100 calls; null without calls. */
  tokenRequestsPer100Calls: number | null
  /** Of 100 calls those that cost no token request too many; null where it cannot be judged. */
  healthyPercent: number | null
  sentence: string
}

/** Fewer say nothing: a program that was started twice has two tokens. */
const judgedFromCalls = 20
/** Token requests that are nobody's fault: a start, a second process. */
const forgiven = 2
const healthyPercent = 90
const fairPercent = 50

export function judgeReuse(facts: ReuseFacts): ReuseHealth {
  const { tokenRequests, apiCalls, callsElsewhere } = facts
  const per100 = apiCalls === 0 ? null : Math.round((tokenRequests / apiCalls) * 100)
  const unjudged = (verdict: ReuseHealth['verdict'], sentence: string): ReuseHealth => ({
    verdict,
    tokenRequestsPer100Calls: per100,
    healthyPercent: null,
    sentence,
  })
  if (apiCalls === 0)
    return unjudged(
      'no_calls_seen',
      `${many(tokenRequests, 'token request')}, and no calls seen here. An API that is guarded elsewhere does not report calls: whether its tokens are reused, your own figures say.`,
    )
  const unneeded = Math.max(0, tokenRequests - needed(facts))
  const percent = Math.max(0, Math.round((1 - unneeded / apiCalls) * 100))
  if (percent >= healthyPercent && apiCalls >= judgedFromCalls)
    return {
      verdict: 'healthy',
      tokenRequestsPer100Calls: per100,
      healthyPercent: percent,
      sentence: `${many(tokenRequests, 'token request')} for ${many(apiCalls, 'API call')}: tokens are reused.`,
    }
  if (apiCalls < judgedFromCalls)
    return unjudged(
      'too_few_calls',
      `${many(apiCalls, 'API call')} seen here: too few to judge. From ${judgedFromCalls} on there is a verdict.`,
    )
  if (callsElsewhere)
    return unjudged(
      'calls_elsewhere',
      `${many(tokenRequests, 'token request')} for ${many(apiCalls, 'API call')} seen here. The client also has scopes of APIs that are guarded elsewhere and do not report calls, so this is no verdict.`,
    )
  return {
    verdict: percent >= fairPercent ? 'fair' : 'poor',
    tokenRequestsPer100Calls: per100,
    healthyPercent: percent,
    sentence:
      percent >= fairPercent
        ? `${per100} token requests for 100 API calls: tokens are reused, but not until they are nearly expired.`
        : `${per100} of 100: your code asks for a token per call. Keep the token until it is nearly expired.`,
  }
}

/** A token for each lifetime in which there were calls. */
function needed({ activeHours, tokenLifetimeSeconds }: ReuseFacts): number {
  return activeHours * Math.max(1, Math.ceil(3600 / tokenLifetimeSeconds)) + forgiven
}

function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
