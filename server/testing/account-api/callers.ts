// Everybody who may knock at the account API, and what the permission table says of each.

import type { Environment } from '../../vocabulary/environment.ts'
import {
  type Permission,
  permissions,
  permissionsOfRole,
  type Role,
  reservedScopes,
  roles,
} from '../../vocabulary/permission.ts'
import { makeMember, type TestMember } from '../member.ts'
import type { World } from '../world.ts'
import type { Operation } from './operations.ts'

export interface MatrixCaller {
  name: string
  headers: Record<string, string>
  /** How a caller is refused before it matters what he may. */
  refusedWith: 400 | 401 | undefined
  /** True: his browser shows a page of somebody else's, which may change nothing. */
  isOnForeignPage?: true
  accountId: string
  environment: Environment
  /** The scopes of a token that count. */
  scopes: readonly string[]
  /** Set for a member, who has both environments: what his role gives him. */
  memberPermissions?: ReadonlySet<Permission>
}

export const accountIds = { own: 'acme', foreign: 'blue-whale', operators: 'operators' } as const

const apiScopes = ['document_read', 'document_write', 'document_file', 'event', 'identify']
const all = [...reservedScopes, ...apiScopes]

/** The status that the table says, or `allowed` for what depends on the object and the body. */
export function expectedOf(
  { permission, hasEnvironment, method }: Operation,
  caller: MatrixCaller,
  pathEnvironment: Environment,
): 400 | 401 | 403 | 'allowed' {
  if (permission === undefined) return 'allowed'
  if (caller.refusedWith !== undefined) return caller.refusedWith
  if (caller.isOnForeignPage && method !== 'GET') return 403
  if (!may(caller, permission)) return 403
  if (caller.memberPermissions) return 'allowed'
  return hasEnvironment && pathEnvironment !== caller.environment ? 403 : 'allowed'
}

export function may(caller: MatrixCaller, permission: Permission): boolean {
  if (caller.memberPermissions) return caller.memberPermissions.has(permission)
  const { scope } = permissions[permission]
  return scope !== null && caller.scopes.includes(scope)
}

/** Makes them all, with their tokens: once, for every operation. */
export async function makeCallers(world: World): Promise<MatrixCaller[]> {
  const { own, operators } = accountIds
  const callers: MatrixCaller[] = []

  async function add(
    name: string,
    wish: {
      accountId?: string
      environment?: Environment
      scopes: readonly string[]
      /** Default: all of them. */
      counting?: readonly string[]
    },
  ): Promise<string> {
    const { accountId = own, environment = 'test', scopes } = wish
    const operator = accountId === operators
    const client = await world.makeClient({
      accountId,
      environment,
      scopes,
      tokenLifetimeSeconds: 86_400,
      ...(operator && { operator }),
    })
    const authorization = `Bearer ${await world.token(scopes, client)}`
    callers.push({
      name,
      headers: { authorization },
      refusedWith: undefined,
      accountId,
      environment,
      scopes: wish.counting ?? scopes,
    })
    return client.clientId
  }

  for (const environment of ['test', 'production'] as const) {
    const ordinary = [...apiScopes, 'account_read', 'account_write']
    for (const scope of reservedScopes) {
      const counting = scope === 'operator' ? [] : [scope]
      await add(`${scope} alone, ${environment}`, { environment, scopes: [scope], counting })
    }
    await add(`all scopes, ${environment}`, { environment, scopes: all, counting: ordinary })
    await add(`scopes of the APIs alone, ${environment}`, { environment, scopes: apiScopes })
  }
  await add('operator alone, of the operator', {
    accountId: operators,
    environment: 'production',
    scopes: ['operator'],
  })
  await add('all scopes, of the operator', { accountId: operators, environment: 'production', scopes: all })
  await add('operator in test, of the operator', {
    accountId: operators,
    scopes: ['operator', 'account_read'],
    counting: ['account_read'],
  })
  const disabled = await add('a disabled client', { environment: 'production', scopes: all })
  await world.database.db
    .updateTable('client')
    .set({ disabled_at: world.clock.now() })
    .where('id', '=', disabled)
    .execute()
  world.app.clients.forget(disabled)
  const members = await makeMemberCallers(world)
  return [...callers.map(refuseDisabled), ...refusedCallers(callers, world.url), ...members]
}

function refuseDisabled(caller: MatrixCaller): MatrixCaller {
  return caller.name === 'a disabled client' ? { ...caller, refusedWith: 401 } : caller
}

/** Callers whose credentials are none, whatever they say. */
function refusedCallers(callers: readonly MatrixCaller[], origin: string): MatrixCaller[] {
  const [good] = callers.filter(({ name }) => name === 'all scopes, of the operator')
  if (!good) throw new Error('There is no caller who may everything.')
  const { authorization = '' } = good.headers
  const refused = (name: string, headers: Record<string, string>, refusedWith: 400 | 401) => ({
    ...good,
    name,
    headers,
    refusedWith,
  })
  const [header, , signature] = authorization.split('.')
  const claims = Buffer.from(JSON.stringify({ scope: all.join(' '), environment: 'production' }))
  return [
    refused('nobody', {}, 401),
    refused('a forged token', { authorization: `${authorization.slice(0, -6)}AAAAAA` }, 401),
    refused(
      'foreign claims',
      { authorization: [header, claims.toString('base64url'), signature].join('.') },
      401,
    ),
    refused('a session cookie and a token', { authorization, cookie: '__Host-latchkey.session=abc' }, 400),
    refused('a session cookie of nobody', { cookie: 'latchkey.session_token=abc', origin }, 401),
  ]
}

/** A member in each role, of the account and of the operators'; one who was removed, and one whose session ended. */
async function makeMemberCallers(world: World): Promise<MatrixCaller[]> {
  const { own, operators } = accountIds
  const callers: MatrixCaller[] = []
  const add = async (name: string, accountId: string, role: Role, refusedWith?: 401): Promise<TestMember> => {
    const operator = accountId === operators
    const member = await makeMember(world, { accountId, role, ...(operator && { operator }) })
    callers.push({
      ...{ name, headers: member.headers, refusedWith, accountId, environment: 'test', scopes: [] },
      memberPermissions: permissionsOfRole(role, operator),
    })
    return member
  }
  for (const role of roles) {
    await add(`${role}, a member`, own, role)
    await add(`${role}, an operator`, operators, role)
  }
  const [owner] = callers
  if (!owner) throw new Error('There is no owner.')
  const { cookie = '' } = owner.headers
  for (const [name, headers] of [
    ['an owner on a foreign page', { cookie, origin: 'https://evil.example' }],
    ['an owner on a page without origin', { cookie, origin: 'null' }],
    ['an owner without Origin', { cookie }],
  ] as const)
    callers.push({ ...owner, name, headers, isOnForeignPage: true })
  const removed = await add('a member who was removed', own, 'owner', 401)
  await world.database.db.deleteFrom('member').where('id', '=', removed.memberId).execute()
  const ended = await add('a member whose session ended', own, 'owner', 401)
  await world.database.db.deleteFrom('person_session').where('person_id', '=', ended.personId).execute()
  return callers
}
