// Who is signed in, as the dashboard is told.
import { type Static, Type } from 'typebox'
import type { Database } from '../database/tables.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import { isoTimeOrNull } from '../vocabulary/clock.ts'
import { type Permission, permissions, roles } from '../vocabulary/permission.ts'
import type { Mailer } from './mail.ts'
import { listMemberships } from './member-store.ts'

const permissionNames = Object.keys(permissions).filter((name): name is Permission => name in permissions)

export const sessionAnswer = Type.Object({
  member: Type.Object({ id: Type.String(), role: Type.Enum([...roles]) }),
  person: Type.Object({
    id: Type.String(),
    name: Type.String(),
    email: Type.String(),
    emailConfirmed: Type.Boolean(),
    twoFactor: Type.Boolean({ description: 'Whether he signs in with a second factor.' }),
  }),
  account: Type.Object({
    id: Type.String(),
    name: Type.String(),
    production: Type.Enum(['none', 'approved']),
    operator: Type.Boolean({ description: 'Whether it is the account of those who run this Latchkey.' }),
    trialEndsAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'Until then somebody has to confirm his address. Null: nobody has to.',
    }),
  }),
  accounts: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), role: Type.Enum([...roles]) }), {
    description: 'All accounts that he is a member of, the oldest membership first.',
  }),
  permissions: Type.Array(Type.Enum(permissionNames)),
  mail: Type.Enum(['smtp', 'files'], { description: 'Where mail goes: out, or into files of the server.' }),
  twoFactorRequired: Type.Boolean({
    description: 'Whether he must set up a second factor before he can operate this service.',
  }),
})

export type SessionAnswer = Static<typeof sessionAnswer>

export interface SessionFacts {
  db: Database
  mailer: Pick<Mailer, 'kind'>
  /** True: whoever operates needs a second factor. */
  production: boolean
}

/** What a signed-in member is told of himself. @throws {Error} when no member calls. */
export async function presentSession(facts: SessionFacts, caller: AccountCaller): Promise<SessionAnswer> {
  const { member } = caller
  if (!member) throw new Error('No member calls.')
  const { person } = member
  const [memberships, account] = await Promise.all([
    listMemberships(facts.db, person.id),
    facts.db
      .selectFrom('account')
      .select(['id', 'name', 'production', 'trial_ends_at'])
      .where('id', '=', caller.accountId)
      .executeTakeFirstOrThrow(),
  ])
  const { id, name, production } = account
  return {
    member: { id: member.id, role: member.role },
    person: {
      id: person.id,
      name: person.name,
      email: person.email,
      emailConfirmed: person.emailConfirmed,
      twoFactor: person.twoFactor,
    },
    account: {
      ...{ id, name, production },
      operator: caller.isOperatorAccount,
      trialEndsAt: isoTimeOrNull(account.trial_ends_at),
    },
    accounts: memberships.map(({ accountId, accountName, role }) => ({
      id: accountId,
      name: accountName,
      role,
    })),
    permissions: permissionNames.filter((permission) => caller.permissions.has(permission)),
    mail: facts.mailer.kind,
    twoFactorRequired: caller.isOperatorAccount && facts.production && !person.twoFactor,
  }
}
