// Thousands of requests to every operation, in any order, by two accounts in both environments and by an operator:
// no fault of ours, no answer outside its schema, and nothing done that the schema refuses.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { type Environment, environments } from '../../vocabulary/environment.ts'
import { permissions } from '../../vocabulary/permission.ts'
import { makeMember } from '../member.ts'
import type { World } from '../world.ts'
import { faultOf } from './answers.ts'
import { accountIds } from './callers.ts'
import { type GeneratedRequest, generatedRequest, nastyEtags } from './generated-request.ts'
import { makeObjects, missingObjects, pathParameter } from './objects.ts'
import { nameOf, type Operation } from './operations.ts'
import { createPool, type Pool } from './pool.ts'
import { fillPath } from './requests.ts'
import { misfit } from './schema-check.ts'
import { send } from './send.ts'

interface Sender {
  accountId: string
  environment: Environment
  headers: Record<string, string>
  /** For what others may not do, the operator's. */
  operates: boolean
  /** By his session: he has both environments, and what no token opens. */
  isMember: boolean
}

export interface GeneratedSummary {
  requests: number
  /** How often each status was answered. */
  statuses: Record<string, number>
  /** Operations that never succeeded. */
  neverDone: string[]
}

const batch = 25

/**
 * Sends this many requests.
 * @throws {Error} that shows the first request that was answered wrongly, and the seed.
 */
export async function sendGeneratedRequests(
  world: World,
  operations: readonly Operation[],
  count: number,
  seed: number,
): Promise<GeneratedSummary> {
  const pool = createPool(operations)
  const statuses: Record<string, number> = {}
  const done = new Set<string>()
  let senders = await makeSenders(world)
  await fillPool(world, pool)
  let sent = 0
  const requests = fc.array(generatedRequest(operations, senders.length), {
    minLength: batch,
    maxLength: batch,
  })
  await fc.assert(
    fc.asyncProperty(requests, async (sequence) => {
      // Tokens live a day, and things that were made should not run out.
      if (sent % 2000 === 0) {
        senders = await makeSenders(world)
        await fillPool(world, pool)
      }
      for (const generated of sequence) {
        const status = await sendOne(world, pool, senders, generated)
        if (status < 300) done.add(nameOf(generated.operation))
        statuses[status] = (statuses[status] ?? 0) + 1
        sent += 1
      }
    }),
    { numRuns: Math.ceil(count / batch), seed, endOnFailure: true },
  )
  const neverDone = operations.map(nameOf).filter((name) => !done.has(name))
  return { requests: sent, statuses, neverDone }
}

async function makeSenders(world: World): Promise<Sender[]> {
  const senders: Sender[] = []
  const add = async (accountId: string, environment: Environment, scopes: readonly string[]) => {
    const operates = accountId === accountIds.operators
    const wish = {
      accountId,
      environment,
      scopes,
      tokenLifetimeSeconds: 86_400,
      ...(operates && { operator: true }),
    }
    const authorization = `Bearer ${await world.token(scopes, wish)}`
    senders.push({ accountId, environment, headers: { authorization }, operates, isMember: false })
  }
  for (const accountId of [accountIds.own, accountIds.foreign])
    for (const environment of environments)
      await add(accountId, environment, ['account_read', 'account_write'])
  await add(accountIds.operators, 'production', ['account_read', 'account_write', 'operator'])
  for (const accountId of Object.values(accountIds)) {
    const operates = accountId === accountIds.operators
    const { headers } = await makeMember(world, { accountId, ...(operates && { operator: true }) })
    senders.push({ accountId, environment: 'test', headers, operates, isMember: true })
  }
  return senders
}

async function fillPool(world: World, pool: Pool): Promise<void> {
  for (const accountId of Object.values(accountIds)) {
    for (const environment of environments) {
      const { ids } = await makeObjects(world, { accountId, environment })
      for (const [name, id] of Object.entries(ids)) pool.add({ accountId, environment }, name, id)
    }
  }
  await world.app.recorder.flush()
}

async function sendOne(
  world: World,
  pool: Pool,
  senders: readonly Sender[],
  generated: GeneratedRequest,
): Promise<number> {
  const { operation, pauseMs } = generated
  const sender = senderOf(senders, generated)
  // What is judged is what was sent: a body that names what there is may have become valid by it.
  const body = withKnown(pool, generated.body, sender, generated.at)
  const request = requestOf(world, pool, sender, generated, body)
  world.clock.advance(pauseMs)
  const answer = await send(world, operation, request)
  const shown = () => `${sender.accountId}/${sender.environment} ${JSON.stringify(request).slice(0, 3000)}`
  const fault = faultOf(operation, answer)
  assert.equal(fault, undefined, `${fault} for ${shown()}`)
  const done = answer.statusCode < 300
  // A report is thanked for, whatever it is: its answer tells nothing.
  const isPublic = operation.permission === undefined
  const refusing =
    operation.body && !isPublic && body !== undefined ? misfit(operation.body.schema, body) : undefined
  assert.ok(!(done && refusing), `${refusing}, and still ${answer.statusCode}: ${shown()}`)
  if (done)
    assert.ok(
      mayReach(operation, sender, generated),
      `${answer.statusCode} for what is not its own: ${shown()}`,
    )
  pool.learn(sender, operation, String(request.url), answer)
  return answer.statusCode
}

/** Who sends it: an operator where only one can. */
function senderOf(senders: readonly Sender[], { operation, caller }: GeneratedRequest): Sender {
  const { permission } = operation
  const scope = permission === undefined ? undefined : permissions[permission].scope
  const fitted = senders.filter(
    ({ operates, isMember }) => operates === (scope === 'operator') && (scope !== null || isMember),
  )
  const sender = fitted[caller % fitted.length]
  if (!sender) throw new Error('Nobody sends it.')
  return sender
}

/** Whether the objects that were named are the sender's. */
function mayReach(operation: Operation, sender: Sender, generated: GeneratedRequest): boolean {
  if (operation.hasEnvironment && !generated.sameEnvironment) return sender.isMember
  const ofEnvironment = operation.parameters.some((name) => pathParameter(name).belongsTo === 'environment')
  if (!ofEnvironment || sender.operates) return true
  return generated.objects === 'own'
}

function requestOf(
  world: World,
  pool: Pool,
  sender: Sender,
  generated: GeneratedRequest,
  body: unknown,
): InjectOptions {
  const { operation } = generated
  const url = fillPath(operation.path, idsOf(world, pool, sender, generated)) + generated.query
  const ifMatch = ifMatchOf(pool, url, generated)
  const payload = body === undefined ? undefined : JSON.stringify(body)
  return {
    method: operation.method,
    url,
    headers: {
      ...(operation.permission !== undefined && sender.headers),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      ...(payload !== undefined && { 'content-type': 'application/json' }),
      ...generated.headers,
    },
    ...(payload !== undefined && { payload }),
  }
}

function idsOf(
  world: World,
  pool: Pool,
  sender: Sender,
  { operation, sameEnvironment, objects, at, nastyId }: GeneratedRequest,
): Record<string, string> {
  const other: Environment = sender.environment === 'test' ? 'production' : 'test'
  const missing = missingObjects(world, sender).ids
  const foreign = {
    accountId: sender.accountId === accountIds.own ? accountIds.foreign : accountIds.own,
    environment: at % 2 === 0 ? sender.environment : other,
  }
  const idOf = (name: string): string => {
    if (objects === 'nasty') return nastyId.toWellFormed()
    const whose = objects === 'foreign' ? foreign : sender
    const known = objects === 'nobody' ? undefined : pool.pick(whose, name, at)
    return known ?? missing[name] ?? ''
  }
  const ids = Object.fromEntries(operation.parameters.map((name) => [name, idOf(name)]))
  return { ...ids, environment: sameEnvironment ? sender.environment : other }
}

function ifMatchOf(
  pool: Pool,
  url: string,
  { operation, ifMatch, at }: GeneratedRequest,
): string | undefined {
  if (operation.method === 'GET' || ifMatch === 'none') return undefined
  if (ifMatch === 'any') return '*'
  if (ifMatch === 'old') return '"0"'
  if (ifMatch === 'nasty') return nastyEtags[at % nastyEtags.length]
  return pool.etag(url) ?? '*'
}

/** A body that names what there is: a secret that leaked, the client to copy from. */
function withKnown(pool: Pool, body: unknown, sender: Sender, at: number): unknown {
  if (typeof body !== 'object' || body === null || at % 3 === 0) return body
  const accountId = at % 4 === 0 ? accountIds.foreign : sender.accountId
  const secret = pool.secret(at)
  const fromClientId = pool.pick({ accountId, environment: 'test' }, 'clientId', at)
  return {
    ...body,
    ...('secret' in body && typeof body.secret === 'string' && secret !== undefined && { secret }),
    ...('fromClientId' in body && typeof body.fromClientId === 'string' && { fromClientId }),
  }
}
