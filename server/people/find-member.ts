import type { Database } from '../database/tables.ts'
import type { SessionRequest } from '../http/session-check.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import { permissionsOfRole, type ReservedScope } from '../vocabulary/permission.ts'
import type { Person } from '../vocabulary/person.ts'
import { findMembership } from './member-store.ts'
import { noteUse } from './session-store.ts'
import type { OpenAuth } from './sign-in.ts'

export interface FindMemberOptions {
  db: Database
  auth: OpenAuth
  /** True: whoever operates needs a second factor. */
  production: boolean
}

/** A good session: whose it is, and in which account he works. */
export interface PersonSession {
  id: string
  person: Person
  accountId: string | null
}

/** Whose session the cookie of a request is; undefined: none, or none any more. */
export async function findSession(
  { auth, db }: Pick<FindMemberOptions, 'auth' | 'db'>,
  { headers }: SessionRequest,
): Promise<PersonSession | undefined> {
  const { api } = await auth()
  const found = await api.getSession({ headers })
  if (!found) return undefined
  const { session, user } = found
  await noteUse(db, session)
  return {
    id: session.id,
    accountId: session.accountId ?? null,
    person: {
      id: user.id,
      name: user.name,
      email: user.claimedEmail ?? user.email,
      emailConfirmed: user.emailVerified,
      twoFactor: user.twoFactorEnabled === true,
      createdAt: user.createdAt.getTime(),
    },
  }
}

/** The caller of the account API behind a session. Roles are read anew for each request: what is taken is gone at once. */
export async function findMember(
  options: FindMemberOptions,
  request: SessionRequest,
): Promise<AccountCaller | undefined> {
  const session = await findSession(options, request)
  if (!session) return undefined
  const membership = await findMembership(options.db, session.person.id, session.accountId)
  if (!membership) return undefined
  const { person } = session
  const operates = membership.operator && (person.twoFactor || !options.production)
  const permissions = permissionsOfRole(membership.role, operates)
  const reservedScopes: ReservedScope[] = [
    'account_read',
    ...(permissions.has('clients:write') ? (['account_write'] as const) : []),
    ...(permissions.has('accounts:write') ? (['operator'] as const) : []),
  ]
  return {
    accountId: membership.accountId,
    environment: undefined,
    actor: {
      kind: 'member',
      id: membership.memberId,
      address: request.address,
      requestId: request.requestId,
    },
    permissions,
    isOperatorAccount: membership.operator,
    reservedScopes,
    member: { id: membership.memberId, role: membership.role, person, sessionId: session.id },
  }
}
