import type { AccessToken } from '@latchkey/guard'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import type { Actor } from '../vocabulary/actor.ts'
import { type Environment, environments } from '../vocabulary/environment.ts'
import type { Owner } from '../vocabulary/owner.ts'
import {
  type Permission,
  type PermissionRule,
  permissions,
  permissionsOfRole,
  type ReservedScope,
} from '../vocabulary/permission.ts'
import { Problem } from '../vocabulary/problem.ts'
import { problemSchema } from './problem-schema.ts'
import { type KnownCaller, noteRefusedToken, type RecordCall, recordCalls } from './recorded-calls.ts'
import type { HttpServer } from './server.ts'
import {
  hasSession,
  refuseForeignOrigin,
  refuseTwoWays,
  type SessionRequest,
  sessionRequestOf,
} from './session-check.ts'
import { type CheckToken, createTokenCheck, deadTokenDetail, type TokenCheckOptions } from './token-check.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The permission that a route of the account API requires. */
    permission?: Permission
  }
}

/** What the account API needs of other slices; `app.ts` hands it in. */
export interface AccountRoutesOptions extends TokenCheckOptions {
  /** Who calls with this token; undefined when its client or account is gone or disabled. */
  findAccountCaller: (
    token: AccessToken,
    from: Pick<Actor, 'address' | 'requestId'>,
  ) => Promise<AccountCaller | undefined>
  /** The same for an answer that goes on: it is not another call. */
  lookAgain: AccountRoutesOptions['findAccountCaller']
  /** Which member's session the cookie of a request is; undefined when it is none, or none any more. */
  findMember: (request: SessionRequest) => Promise<AccountCaller | undefined>
  recordCall: RecordCall
}

interface Admitted {
  caller: AccountCaller
  /** Undefined: a member calls by his session. */
  token: AccessToken | undefined
  /** Looks again who calls, and whether he still may. */
  lookAgain: () => Promise<AccountCaller | undefined>
}

const admitted = new WeakMap<FastifyRequest, Admitted>()

/**
 * Mounts operations of the account API: `/account/:environment/…` for what belongs to an environment, `/account/…` for
 * what belongs to the account. Every route states `config.permission`; who calls is known before the body is read.
 */
export async function mountAccountApi(
  server: HttpServer,
  routes: readonly ((server: HttpServer) => void)[],
  options: AccountRoutesOptions,
): Promise<void> {
  const checkToken = createTokenCheck(options)
  await server.register(
    async (account: HttpServer) => {
      recordCalls(account, {
        callerOf: knownCaller,
        requiredScopeOf: ({ permission }) => (permission ? permissions[permission].scope : null),
        // The activity is that of the account's programs. What a member changes stands in the audit trail.
        isRecorded: (request) => request.headers.authorization !== undefined || !hasSession(request),
        record: options.recordCall,
      })
      account.addHook('onRoute', (route) => {
        const permission = route.config?.permission
        if (permission === undefined)
          throw new Error(`${route.method} ${route.url} must state a permission of the table.`)
        route.schema = describe(route.schema ?? {}, permission)
      })
      account.addHook('onRequest', async (request, reply) => {
        const { permission } = request.routeOptions.config
        // An address without a route has no permission: the 404 follows.
        if (permission === undefined) return
        refuseTwoWays(request)
        const admission = hasSession(request)
          ? await admitMember(request, reply, options)
          : await admitToken(request, reply, permissions[permission].scope, checkToken, options)
        admitted.set(request, admission)
        const { caller } = admission
        // A scope alone is not enough for what only the operator's account may do.
        if (!caller.permissions.has(permission)) throw refusalOf(caller, permission)
        refuseOtherEnvironment(request, caller)
      })
      for (const mount of routes) mount(account)
    },
    { prefix: '/account' },
  )
}

async function admitToken(
  request: FastifyRequest,
  reply: FastifyReply,
  scope: ReservedScope | null,
  checkToken: CheckToken,
  options: AccountRoutesOptions,
): Promise<Admitted> {
  if (scope === null && request.headers.authorization === undefined) throw signedOut()
  // What a person alone may do: a token must be a good one of the account API all the same, to be told so.
  const token = await checkToken(request, reply, scope ?? 'account_read')
  const from = { address: request.ip, requestId: request.id }
  const caller = await options.findAccountCaller(token, from).catch((error: unknown) => {
    noteRefusedToken(request, token)
    throw error
  })
  if (!caller) throw options.guard.refusals.invalidToken(deadTokenDetail, token)
  return { caller, token, lookAgain: () => options.lookAgain(token, from) }
}

async function admitMember(
  request: FastifyRequest,
  reply: FastifyReply,
  options: AccountRoutesOptions,
): Promise<Admitted> {
  // Nobody keeps it, and no page of another origin can load it, not even a neighbour whose requests carry our cookie.
  reply.headers({ 'cache-control': 'no-store', 'cross-origin-resource-policy': 'same-origin' })
  refuseForeignOrigin(request, options.origins)
  const session = sessionRequestOf(request)
  const caller = await options.findMember(session)
  if (!caller) throw signedOut()
  return { caller, token: undefined, lookAgain: () => options.findMember(session) }
}

/** Who calls an operation of the account API. @throws {Error} elsewhere. */
export function accountCallerOf(request: FastifyRequest): AccountCaller {
  return admissionOf(request).caller
}

function admissionOf(request: FastifyRequest): Admitted {
  const admission = admitted.get(request)
  if (!admission) throw new Error('This route is not one of the account API.')
  return admission
}

/** Whether who began a request may still have its answer at this moment: for answers that go on. */
export async function mayStillCall(request: FastifyRequest, nowMs: number): Promise<boolean> {
  const { caller: begun, token, lookAgain } = admissionOf(request)
  const { permission } = request.routeOptions.config
  if (token && nowMs >= token.expiresAt * 1000) return false
  const caller = await lookAgain().catch((error: unknown) => {
    if (error instanceof Problem) return undefined
    throw error
  })
  // A session goes over to another account of its person, by his choice or because he was removed from this one.
  if (permission === undefined || caller?.accountId !== begun.accountId) return false
  return caller.permissions.has(permission)
}

function knownCaller(request: FastifyRequest): KnownCaller | undefined {
  const admission = admitted.get(request)
  if (!admission) return undefined
  const { caller, token } = admission
  return {
    accountId: caller.accountId,
    environment: caller.environment ?? environmentOf(request) ?? null,
    clientId: caller.actor.kind === 'client' ? caller.actor.id : null,
    scopes: token?.scopes ?? [],
  }
}

/** Account and environment of a request to `/account/:environment/…`: a store reads nothing but theirs. */
export function ownerOf(request: FastifyRequest): Owner {
  const environment = environmentOf(request)
  if (environment === undefined) throw new Error('This route has no environment.')
  return { accountId: accountCallerOf(request).accountId, environment }
}

/** The refusal of a session that is none, or none any more. */
export function signedOut(): Problem {
  return new Problem('signed_out', 'You are signed out, or the session has ended. Sign in again.')
}

function refusalOf(caller: AccountCaller, permission: Permission): Problem {
  const { operators }: PermissionRule = permissions[permission]
  const lacksFactor = caller.member?.person.twoFactor === false
  const wouldOperate = caller.member && permissionsOfRole(caller.member.role, true).has(permission)
  return operators && caller.isOperatorAccount && lacksFactor && wouldOperate
    ? new Problem(
        'two_factor_required',
        'Operators sign in with a second factor in production. Set one up under Account, Settings.',
      )
    : mayNot(permission)
}

/** The refusal of what a permission would have allowed. */
export function mayNot(permission: Permission): Problem {
  const { allows, scope } = permissions[permission]
  const who = scope === null ? ' A member whose role allows it may, in the dashboard.' : ''
  return new Problem('permission_denied', `This caller may not ${allows}.${who}`)
}

function environmentOf(request: FastifyRequest): Environment | undefined {
  const { params } = request
  if (typeof params !== 'object' || params === null || !('environment' in params)) return undefined
  return environments.find((environment) => environment === params.environment)
}

function refuseOtherEnvironment(request: FastifyRequest, caller: AccountCaller): void {
  const environment = environmentOf(request)
  if (environment === undefined || caller.environment === undefined || environment === caller.environment)
    return
  throw new Problem(
    'wrong_environment',
    `This token manages ${caller.environment} only. For ${environment} use the token of a ${environment} client.`,
  )
}

function describe(schema: object, permission: Permission): object {
  const responses = 'response' in schema && typeof schema.response === 'object' ? schema.response : {}
  const own = 'description' in schema ? `${schema.description} ` : ''
  const { scope, allows } = permissions[permission]
  return {
    ...schema,
    description: `${own}Requires the permission to ${allows} (${permission}).`,
    // An operation without a scope is a member's alone, by the session of the dashboard.
    security: [...(scope === null ? [] : [{ accessToken: [scope] }]), { session: [] }],
    response: {
      ...responses,
      400: problemSchema('The request is not valid'),
      401: problemSchema('No valid access token'),
      403: problemSchema(`The caller may not ${allows}`),
      ...('body' in schema && {
        413: problemSchema('The body is larger than this operation takes'),
        415: problemSchema('The Content-Type is not application/json'),
      }),
      503: problemSchema('Temporarily unavailable: retry after the time in Retry-After'),
    },
  }
}
