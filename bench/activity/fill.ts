// A million entries over 30 days, through our own recorder: 50 accounts, one of them with a fifth of all.
import type { Activity } from '../../server/activity/open.ts'
import type { Happening } from '../../server/vocabulary/activity-entry.ts'
import { createIds } from '../../server/vocabulary/clock.ts'

export const days = 30
export const dayMs = 24 * 3_600_000

const accounts = 50
const clientsEach = 5
const clientsOfLargest = 30
const operations = Array.from({ length: 15 }, (_, index) => `GET /signature/things-${index}`)
const scopes = ['document_read', 'document_write', 'document_file', 'event', 'identify']
const refusals: [status: number, error: string][] = [
  [401, 'invalid_client'],
  [400, 'invalid_scope'],
  [401, 'invalid_token'],
  [403, 'insufficient_scope'],
  [404, 'not_found'],
  [503, 'temporarily_unavailable'],
]

/** What the filters of the measurement look for. */
export const marks = {
  account: { accountId: 'account-0', environment: 'production' },
  small: { accountId: 'account-7', environment: 'production' },
  client: 'client-0-3',
  secret: 'sec_client-0-3_1',
  operation: 'GET /signature/things-3',
  scope: 'document_write',
  oldHost: 'old.example',
  rareOperation: 'DELETE /signature/rare',
  rareScope: 'rare_scope',
} as const

/** Numbers that look random and are the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Clock {
  now: () => number
  set: (ms: number) => void
}

/** @returns how many entries a second were written. */
export async function fill(
  { recorder }: Activity,
  clock: Clock,
  endMs: number,
  entries: number,
): Promise<number> {
  const random = numbers(1)
  const newId = createIds(clock.now)
  const started = performance.now()
  for (let index = 0; index < entries; index += 1) {
    clock.set(Math.floor(endMs - days * dayMs + ((index + 1) / entries) * (days * dayMs - 1)))
    recorder.record({ id: newId('req'), ...happening(random, index % Math.floor(entries / 10) === 50) })
    if (index % 5000 === 4999) await recorder.flush()
  }
  await recorder.flush()
  if (recorder.dropped() > 0) throw new Error(`${recorder.dropped()} entries were dropped.`)
  return entries / ((performance.now() - started) / 1000)
}

/** A client is in one environment, calls by one host name, and an operation requires one scope. */
function happening(random: () => number, rare: boolean): Omit<Happening, 'id'> {
  const below = (count: number) => Math.floor(random() * count)
  const account = rare || random() < 0.2 ? 0 : 1 + below(accounts - 1)
  const number = rare ? 3 : below(account === 0 ? clientsOfLargest : clientsEach)
  const client = `client-${account}-${number}`
  const isToken = !rare && random() < 0.1
  const operation = below(operations.length)
  const granted = scopes.slice(below(scopes.length))
  const refusal = random() < 0.01 ? refusals[below(refusals.length)] : undefined
  return {
    kind: isToken ? 'token_request' : 'api_call',
    accountId: `account-${account}`,
    environment: number === 4 ? 'test' : 'production',
    clientId: client,
    secretId: isToken ? `sec_${client}_${below(2)}` : null,
    scopes: rare ? `event ${marks.rareScope}` : isToken ? granted.join(' ') : scopes.join(' '),
    requiredScope: isToken ? null : (scopes[operation % scopes.length] ?? ''),
    operation: isToken
      ? 'POST /oauth/connect/token'
      : rare
        ? marks.rareOperation
        : (operations[operation] ?? ''),
    status: refusal?.[0] ?? 200,
    error: refusal?.[1] ?? null,
    reason: refusal ? 'The secret expired on 2026-11-01; the client has another one.' : null,
    durationMs: Math.round(random() * 200) / 10,
    address: `192.0.2.${(number * 3 + below(3)) % 250}`,
    userAgent: `agent/${number}.0 (like others of its kind)`,
    host: number === 7 ? marks.oldHost : 'api.example',
  }
}
