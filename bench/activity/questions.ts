import type { ActivityFilter, ActivityStore } from '../../server/activity/activity-store.ts'
import { dayMs, days, marks } from './fill.ts'

/** Something a person asks of the activity, and how fast the answer has to be. */
export interface Question {
  name: string
  goalMs: number
  /** @returns how many rows came. */
  ask: (store: ActivityStore) => Promise<number>
  /** How many have to come; the table would else measure nothing. */
  rows: 'none' | 'ten' | 'full' | 'some'
}

const pageGoalMs = 50
const countsGoalMs = 200
const limit = 50

export function questions(endMs: number): Question[] {
  const { account: of } = marks
  const page = (
    name: string,
    rows: Question['rows'],
    filter: Partial<ActivityFilter>,
    belowId?: string,
  ): Question => ({
    name,
    goalMs: pageGoalMs,
    rows,
    ask: async (store) => (await store.page({ of, ...filter }, { limit, belowId })).length,
  })
  const halfway = endMs - (days / 2) * dayMs
  const time = { fromMs: endMs - days * dayMs, toMs: endMs }
  const counts = (name: string, ask: (store: ActivityStore) => Promise<unknown[]>): Question => ({
    name,
    goalMs: countsGoalMs,
    rows: 'some',
    ask: async (store) => (await ask(store)).length,
  })
  return [
    page('the largest account, no filter', 'full', {}),
    page('a small account, no filter', 'full', { of: marks.small }),
    page('kind', 'full', { kind: 'token_request' }),
    page('client', 'full', { clientId: marks.client }),
    page('status', 'full', { status: 403 }),
    page('status class', 'full', { statusClass: 4 }),
    page('operation', 'full', { operation: marks.operation }),
    page('scope', 'full', { scope: marks.scope }),
    page('error', 'full', { error: 'insufficient_scope' }),
    page('secret', 'full', { secretId: marks.secret }),
    page('host', 'full', { host: marks.oldHost }),
    page('time: a day two weeks ago', 'full', { fromMs: halfway, toMs: halfway + dayMs }),
    page('rare operation (10 entries)', 'ten', { operation: marks.rareOperation }),
    page('rare scope (10 entries)', 'ten', { scope: marks.rareScope }),
    page('a client of another account', 'none', { clientId: 'client-7-1' }),
    page('an operation that nobody called', 'none', { operation: 'GET /nothing' }),
    page('client and operation', 'full', { clientId: marks.client, operation: marks.operation }),
    page('client and error', 'some', { clientId: marks.client, error: 'insufficient_scope' }),
    page('operation and error', 'some', { operation: marks.operation, error: 'not_found' }),
    page('host and status class', 'some', { host: marks.oldHost, statusClass: 5 }),
    page('scope and kind', 'full', { scope: marks.scope, kind: 'token_request' }),
    page('kind and operation that exclude each other', 'none', {
      kind: 'token_request',
      operation: marks.operation,
    }),
    page('error and status class that exclude each other', 'none', { error: 'not_found', statusClass: 2 }),
    page('client and time', 'full', { clientId: marks.client, fromMs: halfway, toMs: halfway + dayMs }),
    page('everybody, no filter', 'full', { of: 'deployment' }),
    page('everybody: error', 'full', { of: 'deployment', error: 'invalid_client' }),
    page('everybody: status class', 'full', { of: 'deployment', statusClass: 5 }),
    page('everybody: client', 'full', { of: 'deployment', clientId: marks.client }),
    page('everybody: operation and error', 'full', {
      of: 'deployment',
      operation: marks.operation,
      error: 'not_found',
    }),
    page('everybody: rare operation', 'ten', { of: 'deployment', operation: marks.rareOperation }),
    page('everybody: nothing', 'none', { of: 'deployment', error: 'no_such_error' }),
    page('everybody: host and kind', 'full', {
      of: 'deployment',
      host: marks.oldHost,
      kind: 'token_request',
    }),
    counts('hours of 30 days: largest account', (store) => store.hours({ of, ...time })),
    counts('hours of 30 days: a client', (store) => store.hours({ of, clientId: marks.client, ...time })),
    counts('hours of 30 days: everybody', (store) => store.hours({ of: 'deployment', ...time })),
    counts('totals of 30 days by client: largest account', (store) => store.clientTotals({ of, ...time })),
    counts('use of scopes', (store) => store.scopeUse(of)),
    counts('use of hosts', (store) => store.hostUse(of, time.fromMs)),
    counts('use of secrets', (store) => store.secretUse(of, marks.client)),
  ]
}

export function cameAsExpected({ rows }: Question, count: number): boolean {
  if (rows === 'none') return count === 0
  if (rows === 'ten') return count === 10
  return rows === 'full' ? count === limit + 1 : count > 0
}
