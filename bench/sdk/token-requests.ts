// How many token requests a load causes, against a running Latchkey.
import { createClient, type Fetch } from '../../client/index.ts'
import type { World } from '../../server/testing/world.ts'

/** Token requests, and the calls that they were for. */
export interface Requests {
  tokenRequests: number
  calls: number
  seconds: number
}

const tokenPath = '/oauth/connect/token'

/** Calls that all begin before there is a token, each with a client object of its own. */
export async function countColdStart(world: World, calls: number): Promise<Requests> {
  const counted = await connect(world, 3600)
  const begin = performance.now()
  const answers = await Promise.all(
    Array.from({ length: calls }, () => createClient(counted.settings).fetch('/signature/documents')),
  )
  expectSuccess(answers)
  return { tokenRequests: counted.tokenRequests(), calls, seconds: (performance.now() - begin) / 1000 }
}

/** Calls spread evenly over the life of a token of 60 seconds, and how many of the requests came before the renewal. */
export async function countOneLifetime(
  world: World,
  calls: number,
): Promise<Requests & { before42s: number }> {
  const counted = await connect(world, 60)
  const api = createClient(counted.settings)
  const begin = performance.now()
  const answers: Promise<Response>[] = []
  let before42s = 0
  for (let call = 0; call < calls; call += 1) {
    const dueMs = (call / calls) * 60_000
    const earlyMs = begin + dueMs - performance.now()
    if (earlyMs > 1) await new Promise((resolve) => setTimeout(resolve, earlyMs))
    answers.push(api.fetch('/signature/documents?limit=1').then(drained))
    if (dueMs < 42_000) before42s = counted.tokenRequests()
  }
  expectSuccess(await Promise.all(answers))
  const seconds = (performance.now() - begin) / 1000
  return { tokenRequests: counted.tokenRequests(), calls, seconds, before42s }
}

async function connect(world: World, tokenLifetimeSeconds: number) {
  const scopes = ['document_read']
  const { clientId, clientSecret } = await world.makeClient({ scopes, tokenLifetimeSeconds })
  let tokenRequests = 0
  const counting: Fetch = (input, init) => {
    if (String(input).endsWith(tokenPath)) tokenRequests += 1
    return fetch(input, init)
  }
  const settings = { url: world.url, clientId, clientSecret, scopes, fetch: counting }
  return { settings, tokenRequests: () => tokenRequests }
}

async function drained(answer: Response): Promise<Response> {
  await answer.arrayBuffer()
  return answer
}

function expectSuccess(answers: readonly Response[]): void {
  const failed = answers.find(({ status }) => status !== 200)
  if (failed) throw new Error(`A call was answered ${failed.status}.`)
}
