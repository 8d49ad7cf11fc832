// What a call through the SDK costs beside the bare fetch that it wraps, with the token at hand. Nothing goes over a
// network: what is measured is the SDK alone, in processor time, which is steadier than that of the clock.
import { createClient, type Fetch } from '../../client/index.ts'
import { type Spread, spread } from '../measure/spread.ts'

/** Microseconds for one call. */
export interface CallCost {
  bare: Spread
  wrapped: Spread
  /** The difference inside each round. */
  added: Spread
  /** `token()` alone. */
  token: Spread
}

const callsPerRound = 2000
/** Short ones, many: whatever else the machine does hits both alike. */
const roundsOfEach = 40
const warmupRounds = 10

export async function measureCallCost(rounds: number): Promise<CallCost> {
  const url = 'https://latchkey.example'
  const grant = JSON.stringify({ access_token: 'measured', token_type: 'Bearer', expires_in: 3600 })
  const answer: Fetch = async (input) => new Response(String(input).endsWith('/token') ? grant : '{}')
  const api = createClient({
    ...{ url, clientId: 'measured', clientSecret: 'measured', scopes: ['measured'] },
    ...{ fetch: answer, shareTokens: false },
  })
  const headers = { authorization: 'Bearer measured' }
  const bare = () => answer(`${url}/path`, { headers: new Headers(headers) })
  const wrapped = () => api.fetch('/path')
  const figures: Record<keyof CallCost, number[]> = { bare: [], wrapped: [], added: [], token: [] }
  for (let round = -warmupRounds; round < rounds * roundsOfEach; round += 1) {
    const [bareUs, wrappedUs, tokenUs] = [
      await time(bare),
      await time(wrapped),
      await time(() => api.token()),
    ]
    if (round < 0) continue
    figures.bare.push(bareUs)
    figures.wrapped.push(wrappedUs)
    figures.added.push(wrappedUs - bareUs)
    figures.token.push(tokenUs)
  }
  const { bare: one, wrapped: two, added, token } = figures
  return { bare: spread(one), wrapped: spread(two), added: spread(added), token: spread(token) }
}

async function time(call: () => Promise<unknown>): Promise<number> {
  const begin = process.cpuUsage()
  for (let count = 0; count < callsPerRound; count += 1) await call()
  const { user, system } = process.cpuUsage(begin)
  return (user + system) / callsPerRound
}
