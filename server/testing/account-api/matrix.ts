// Operation × caller × account × environment: what the permission table says, against what is answered.
import type { InjectOptions } from 'fastify'
import { type Environment, environments } from '../../vocabulary/environment.ts'
import { permissions } from '../../vocabulary/permission.ts'
import type { World } from '../world.ts'
import { faultOf } from './answers.ts'
import { accountIds, expectedOf, type MatrixCaller, makeCallers } from './callers.ts'
import { makeObjects, missingObjects, type Objects, pathParameter } from './objects.ts'
import { endsCaller, nameOf, type Operation } from './operations.ts'
import { rightRequest } from './requests.ts'
import { type SentAnswer, send } from './send.ts'

export interface MatrixResult {
  cells: number
  /** Cells that show what is not the caller's, in words. */
  leaks: string[]
  /** Cells that are answered otherwise than the table and the document say. */
  faults: string[]
}

interface Cell {
  operation: Operation
  caller: MatrixCaller
  /** What the path names as environment. */
  environment: Environment
  what: string
  ids: Readonly<Record<string, string>>
  /** Whether each object in the path is the caller's. */
  isOwn: boolean
  /** Of a foreign object: one that does not exist and otherwise is the same. */
  missing: Readonly<Record<string, string>> | undefined
}

/**
 * Runs every cell; those that may change something last.
 * @param isWhole false: of the cells of tokens a third, of those of members a sixteenth, because each asks the database for its session.
 */
export async function runMatrix(
  world: World,
  operations: readonly Operation[],
  isWhole: boolean,
): Promise<MatrixResult> {
  const result: MatrixResult = { cells: 0, leaks: [], faults: [] }
  const callers = await makeCallers(world)
  const everything = await makeAllObjects(world)
  await world.app.recorder.flush()
  const cells = callers
    .flatMap((caller) => operations.flatMap((operation) => cellsOf(world, operation, caller, everything)))
    .filter(({ caller }, index) => isWhole || index % (caller.memberPermissions ? 16 : 3) === 0)
  const changes = (cell: Cell) =>
    cell.isOwn &&
    cell.operation.method !== 'GET' &&
    expectedOf(cell.operation, cell.caller, cell.environment) === 'allowed'
  const before = await snapshot(world)
  for (const cell of cells.filter((one) => !changes(one))) await runCell(world, cell, everything, result)
  if ((await snapshot(world)) !== before) result.faults.push('a refused request changed something')
  for (const cell of cells.filter(changes)) {
    // What it deletes or disables is its own alone.
    const { accountId, memberPermissions } = cell.caller
    const environment = memberPermissions ? cell.environment : cell.caller.environment
    const fresh = await makeObjects(world, { accountId, environment })
    await runCell(world, { ...cell, ids: fresh.ids }, everything, result)
  }
  return result
}

async function makeAllObjects(world: World): Promise<Objects[]> {
  const objects: Objects[] = []
  for (const accountId of Object.values(accountIds))
    for (const environment of environments) objects.push(await makeObjects(world, { accountId, environment }))
  return objects
}

function cellsOf(
  world: World,
  operation: Operation,
  caller: MatrixCaller,
  everything: readonly Objects[],
): Cell[] {
  if (endsCaller.has(nameOf(operation)) && expectedOf(operation, caller, caller.environment) === 'allowed')
    return []
  const named = operation.hasEnvironment ? environments : [caller.environment]
  return named.flatMap((environment) =>
    objectsNamed(world, operation, caller, environment, everything).map((objects) => ({
      operation,
      caller,
      environment,
      ...objects,
    })),
  )
}

/** Whose objects it may name: his, those of his other environment, those of others, and none. */
function objectsNamed(
  world: World,
  operation: Operation,
  caller: MatrixCaller,
  environment: Environment,
  everything: readonly Objects[],
): Pick<Cell, 'what' | 'ids' | 'isOwn' | 'missing'>[] {
  const names = [...operation.parameters, ...operation.bodyReferences]
  if (names.length === 0) return [{ what: 'no object', ids: {}, isOwn: true, missing: undefined }]
  const find = (accountId: string, of: Environment) => {
    const found = everything.find(({ owner }) => owner.accountId === accountId && owner.environment === of)
    if (!found) throw new Error(`There are no objects of ${accountId} in ${of}.`)
    return found
  }
  // Operators reach the objects of every account; what belongs to the deployment is nobody's alone.
  const reaches = (name: string, { owner }: Objects) => {
    const { belongsTo } = pathParameter(name)
    if (belongsTo === 'person') return false
    const isHis = owner.accountId === caller.accountId && belongsTo !== 'deployment'
    if (belongsTo === 'deployment' || isForOperators(operation)) return true
    return isHis && (belongsTo === 'account' || owner.environment === environment)
  }
  const missing = (of: Environment) =>
    missingObjects(world, { accountId: caller.accountId, environment: of }).ids
  const own = find(caller.accountId, environment)
  const sets = [
    { what: 'his own', objects: own },
    { what: 'of his other environment', objects: find(caller.accountId, otherOf(environment)) },
    { what: 'of another account', objects: find(accountIds.foreign, environment) },
    {
      what: 'of another account and environment',
      objects: find(accountIds.foreign, otherOf(environment)),
    },
  ].map(({ what, objects }) => {
    const isOwn = names.every((name) => reaches(name, objects))
    return { what, ids: objects.ids, isOwn, missing: isOwn ? undefined : missing(objects.owner.environment) }
  })
  const none = { what: 'of nobody', ids: missing(environment), isOwn: false, missing: undefined }
  if (names.length === 1) return [...sets, none]
  const mixed = [
    find(accountIds.foreign, otherOf(environment)),
    find(accountIds.foreign, environment),
  ].flatMap((foreign) =>
    names
      .filter((name) => !reaches(name, foreign))
      .map((name) => ({
        what: `his own, but for a foreign ${name} of ${foreign.owner.environment}`,
        ids: { ...own.ids, [name]: foreign.ids[name] ?? '' },
        isOwn: false,
        missing: { ...own.ids, [name]: missing(foreign.owner.environment)[name] ?? '' },
      })),
  )
  return [...sets, none, ...mixed]
}

function isForOperators({ permission }: Operation): boolean {
  return permission !== undefined && permissions[permission].scope === 'operator'
}

function otherOf(environment: Environment): Environment {
  return environment === 'test' ? 'production' : 'test'
}

async function runCell(
  world: World,
  cell: Cell,
  everything: readonly Objects[],
  result: MatrixResult,
): Promise<void> {
  result.cells += 1
  const { operation, caller, environment } = cell
  const name = `${caller.name}: ${nameOf(operation)} in ${environment}, ${cell.what}`
  const { request, answer } = await call(world, cell, cell.ids)
  const fault = faultOf(operation, answer)
  if (fault) result.faults.push(`${name}: ${fault}`)
  const wrong = unexpected(cell, answer)
  if (wrong) result.faults.push(`${name}: ${wrong}, not ${answer.statusCode} ${answer.body.slice(0, 300)}`)
  const shown = foreignTextIn(cell, everything, request, answer)
  if (shown) result.leaks.push(`${name}: shows ${shown}`)
  // Whom the table refuses is refused before an object is looked for: the statuses above say so.
  if (!cell.missing || expectedOf(operation, caller, environment) !== 'allowed') return
  const other = await call(world, cell, cell.missing)
  const [here, there] = [comparable(answer, request), comparable(other.answer, other.request)]
  if (here !== there) result.leaks.push(`${name}: ${here} is not what is said of nothing: ${there}`)
}

/** What the answer should have been; undefined: it is. */
function unexpected(cell: Cell, { statusCode }: SentAnswer): string | undefined {
  const { operation, caller, environment } = cell
  const expected = expectedOf(operation, caller, environment)
  if (expected !== 'allowed') return statusCode === expected ? undefined : `expected ${expected}`
  if (!operation.environments.includes(environment)) return statusCode === 400 ? undefined : 'expected 400'
  if (!cell.isOwn) return statusCode === 404 ? undefined : 'expected 404'
  if (operation.method === 'GET') return statusCode === 200 ? undefined : 'expected 200'
  // They ask for the password or a code, which no cell has.
  if (operation.permission === 'session:own') return statusCode === 401 ? 'expected to be allowed' : undefined
  return [401, 403, 404].includes(statusCode) ? 'expected to be allowed' : undefined
}

async function call(
  world: World,
  { operation, caller, environment }: Cell,
  ids: Cell['ids'],
): Promise<{ request: InjectOptions; answer: SentAnswer }> {
  const request = rightRequest(operation, { ...ids, environment }, caller.headers)
  return { request, answer: await send(world, operation, request) }
}

/** A text of somebody else's that the answer has and the request had not. */
function foreignTextIn(
  { operation, caller, environment }: Cell,
  everything: readonly Objects[],
  request: InjectOptions,
  answer: SentAnswer,
): string | undefined {
  if (isForOperators(operation) && expectedOf(operation, caller, environment) === 'allowed') return undefined
  const told = answer.body + JSON.stringify(answer.headers)
  const sent = String(request.url) + JSON.stringify(request.payload)
  const seen = caller.memberPermissions && !operation.hasEnvironment ? undefined : environment
  const own = caller.memberPermissions ? seen : caller.environment
  const foreign = everything.filter(
    ({ owner }) => owner.accountId !== caller.accountId || (own !== undefined && owner.environment !== own),
  )
  const canaries = foreign.flatMap((objects) => [
    ...objects.canaries,
    ...(objects.owner.accountId === caller.accountId ? [] : [objects.owner.accountId]),
  ])
  return canaries.find((canary) => told.includes(canary) && !sent.includes(canary))
}

/** All that an answer tells, without what differs each time, and without what the caller said himself. */
function comparable(answer: SentAnswer, request: { url?: unknown }): string {
  const { 'request-id': _requestId, date: _date, 'content-length': _length, ...headers } = answer.headers
  const sent = String(request.url)
    .split('/')
    .filter((part) => part.length > 8)
  const told = `${answer.statusCode} ${answer.body} ${JSON.stringify(headers)}`.replace(
    /req_[0-9a-f-]{36}/g,
    'req_',
  )
  return sent.reduce((rest, part) => rest.replaceAll(decodeURIComponent(part), '·'), told)
}

/** Everything that a caller could change, as text. */
async function snapshot({ database: { db } }: World): Promise<string> {
  const clients = await db.selectFrom('client').selectAll().orderBy('id').execute()
  const secrets = await db
    .selectFrom('client_secret')
    .select(['id', 'name', 'hash', 'expires_at', 'revoked_at'])
    .orderBy('id')
    .execute()
  const others = await Promise.all([
    db.selectFrom('account').selectAll().orderBy('id').execute(),
    db.selectFrom('account_scope').selectAll().orderBy('account_id').orderBy('scope').execute(),
    db.selectFrom('api').selectAll().orderBy('id').execute(),
    db.selectFrom('scope').selectAll().orderBy('name').execute(),
    db.selectFrom('member').selectAll().orderBy('id').execute(),
    db.selectFrom('invitation').selectAll().orderBy('id').execute(),
    db.selectFrom('person').select(['id', 'name', 'email']).orderBy('id').execute(),
    db.selectFrom('person_session').select('id').orderBy('id').execute(),
    db.selectFrom('production_request').selectAll().orderBy('account_id').execute(),
    db.selectFrom('signing_key').select('id').orderBy('id').execute(),
    db.selectFrom('audit').select('hash').orderBy('seq').execute(),
  ])
  return JSON.stringify([clients, secrets, others])
}
