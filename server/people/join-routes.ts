// Links that bring somebody in: an invitation to an account, the set-up of an operator.
import { Type } from 'typebox'
import { addAccount } from '../accounts/change.ts'
import { findAccount } from '../accounts/store.ts'
import { type AuditEntry, recordAudits } from '../audit.ts'
import type { DatabaseTransaction } from '../database/tables.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import {
  fromOf,
  hasSession,
  type SessionRequest,
  sessionRequestOf,
  withCookies,
} from '../http/session-check.ts'
import type { Role } from '../vocabulary/permission.ts'
import { Problem } from '../vocabulary/problem.ts'
import { findSession } from './find-member.ts'
import { acceptInvitation, findInvitation } from './invitation-store.ts'
import { insertMember } from './member-store.ts'
import { digestOf, lookAtLink, useLink } from './one-time-link.ts'
import { refuseWeakPassword } from './password.ts'
import { findByPassword } from './password-check.ts'
import { hashPassword } from './passwords.ts'
import { findPersonByEmail, insertPerson, normalAddress } from './person-store.ts'
import { answerSession, type PublicPeopleOptions, publicRefusals } from './public-routes.ts'
import { email, name, newPassword, password, role, signInAnswer, token, tokenBody } from './schemas.ts'
import { chooseAccount } from './session-store.ts'
import { deadLink } from './set-password.ts'
import { type StartedSession, startSession } from './start-session.ts'

const tags = ['People']
const strict = { additionalProperties: false }
const refusals = { ...publicRefusals, 410: problemSchema('The link does not work any more') }

/** The account of those who run this Latchkey, when the first of them comes. */
export const operatorAccount = { id: 'operators', name: 'Operators' }

interface Joining {
  accountId: string
  personId: string
  role: Role
  from: { address: string; requestId: string }
}

export function invitationLinkRoutes(options: PublicPeopleOptions): (server: HttpServer) => void {
  const { db, auth, now, newId, limits } = options
  return (server) => {
    server.post(
      '/invitations/look',
      {
        schema: {
          operationId: 'lookAtInvitation',
          summary: 'What an invitation is for',
          tags,
          security: [],
          body: tokenBody,
          response: {
            200: Type.Object({
              accountName: Type.String(),
              email: Type.String(),
              role,
              hasPerson: Type.Boolean({ description: 'Whether the address has a password already.' }),
            }),
            ...refusals,
          },
        },
      },
      async (request) => {
        const invitation = await findInvitation(db, digestOf(request.body.token), now())
        if (!invitation) throw deadLink()
        const hasPerson = (await findPersonByEmail(db, invitation.email)) !== undefined
        return {
          ...{ accountName: invitation.accountName, email: invitation.email },
          ...{ role: invitation.role, hasPerson },
        }
      },
    )

    server.post(
      '/invitations/accept',
      {
        schema: {
          operationId: 'acceptInvitation',
          summary: 'Join the account of an invitation',
          description:
            'Who is new gives name and password: the link proves the address. Who has an account gives its password, or is signed in with that address.',
          tags,
          security: [],
          body: Type.Object({ token, name: Type.Optional(name), password: Type.Optional(password) }, strict),
          response: { 200: signInAnswer, 401: problemSchema('The password is not right'), ...refusals },
        },
      },
      async (request, reply) => {
        const { token: presented, name: called, password: given } = request.body
        const invitation = await findInvitation(db, digestOf(presented), now())
        if (!invitation) throw deadLink()
        const { email: address } = invitation
        const session = hasSession(request)
          ? await findSession(options, sessionRequestOf(request))
          : undefined
        const isHere = session?.person.emailConfirmed === true && session.person.email === address
        const known = await findPersonByEmail(db, address)
        let personId = isHere ? session.person.id : known?.id
        if (!isHere && known) {
          const right = given !== undefined && (await findByPassword(db, address, given))
          if (!right || right.personId !== known.id) {
            await limits.failuresFrom(request.ip)
            await limits.failuresOf(address)
            throw new Problem(
              'sign_in_failed',
              'This address has an account: give its password to join, or choose a new one by mail first.',
            )
          }
        }
        if (!isHere && !known) {
          if (called === undefined || given === undefined || given.length < 12)
            throw new Problem('invalid_request', 'Give a name, and a password of at least 12 characters.', {
              members: { errors: [{ field: 'body.password', message: 'must have 12 characters or more' }] },
            })
          refuseWeakPassword(given, [address, called])
        }
        const hash = isHere || known || given === undefined ? undefined : await hashPassword(given)
        await db.transaction().execute(async (tx) => {
          if (!(await acceptInvitation(tx, invitation.id, now()))) throw deadLink()
          if (hash !== undefined && called !== undefined)
            personId = (
              await insertPerson(tx, { name: called, email: address, hash, confirmed: true }, newId)
            )?.personId
          if (personId === undefined) throw deadLink()
          const { accountId, role: as } = invitation
          await join(options, tx, { accountId, personId, role: as, from: fromOf(request) })
        })
        if (isHere) await chooseAccount(db, session.id, invitation.accountId)
        if (isHere || given === undefined) return { state: 'signed_in' as const }
        const asked = sessionRequestOf(request)
        const started = await startSession(auth, { email: address, password: given }, asked)
        await workIn(options, started, asked, invitation.accountId)
        return answerSession(reply, started)
      },
    )
  }
}

export function operatorLinkRoutes(options: PublicPeopleOptions): (server: HttpServer) => void {
  const { db, auth, now, newId } = options
  return (server) => {
    server.post(
      '/set-up/look',
      {
        schema: {
          operationId: 'lookAtSetUpLink',
          summary: 'What a set-up link is for',
          tags,
          security: [],
          body: tokenBody,
          response: { 200: Type.Object({ accountName: Type.String() }), ...refusals },
        },
      },
      async (request) => {
        const link = await lookAtLink(db, 'set_up_operator', request.body.token, now())
        if (!link) throw deadLink()
        const account = await findAccount(db, link.accountId ?? operatorAccount.id)
        return { accountName: account?.name ?? operatorAccount.name }
      },
    )

    server.post(
      '/set-up/complete',
      {
        schema: {
          operationId: 'completeSetUp',
          summary: 'Become an operator of this service',
          description: 'By the link that the operator command made. It works once, for 30 minutes.',
          tags,
          security: [],
          body: Type.Object({ token, email, name, password: newPassword }, strict),
          response: {
            200: signInAnswer,
            409: problemSchema('The address has an account already'),
            ...refusals,
          },
        },
      },
      async (request, reply) => {
        const { token: presented, email: given, name: called, password: chosen } = request.body
        refuseWeakPassword(chosen, [given, called])
        if (!(await lookAtLink(db, 'set_up_operator', presented, now()))) throw deadLink()
        const address = normalAddress(given)
        const known = await findByPassword(db, address, chosen)
        const hash = await hashPassword(chosen)
        await db.transaction().execute(async (tx) => {
          const link = await useLink(tx, 'set_up_operator', presented, now())
          if (!link) throw deadLink()
          const person = { name: called, email: address, hash, confirmed: true }
          const personId =
            known?.confirmed === true ? known.personId : (await insertPerson(tx, person, newId))?.personId
          if (personId === undefined)
            throw new Problem(
              'conflict',
              'This address has an account already. Give its password, or another address.',
            )
          const accountId = link.accountId ?? operatorAccount.id
          await join(options, tx, { accountId, personId, role: 'owner', from: fromOf(request) }, true)
        })
        const started = await startSession(
          auth,
          { email: address, password: chosen },
          sessionRequestOf(request),
        )
        return answerSession(reply, started)
      },
    )
  }
}

/** Whoever joins an account wants to see that one. A sign-in that waits for its second factor has no session yet. */
async function workIn(
  options: Pick<PublicPeopleOptions, 'auth' | 'db'>,
  { state, cookies }: StartedSession,
  request: SessionRequest,
  accountId: string,
): Promise<void> {
  if (state !== 'signed_in') return
  const session = await findSession(options, withCookies(request, cookies))
  if (session) await chooseAccount(options.db, session.id, accountId)
}

/** Makes a person a member; who is one already stays what he is. @param operates makes the account if there is none. */
async function join(
  { now, newId }: Pick<PublicPeopleOptions, 'now' | 'newId'>,
  tx: DatabaseTransaction,
  { accountId, personId, role: as, from }: Joining,
  operates = false,
): Promise<void> {
  const id = newId('mem')
  const entries: AuditEntry[] = []
  const actor = { kind: 'member' as const, id, ...from }
  const note = (entry: Pick<AuditEntry, 'accountId' | 'action' | 'object' | 'before' | 'after'>) =>
    entries.push({ environment: null, actor, ...entry })
  const change = { tx, nowMs: now(), note }
  const account = await findAccount(tx, accountId)
  // It was made so after the link was: an owner of it would operate nothing.
  if (operates && account && !account.operator) throw deadLink()
  if (operates && !account)
    await addAccount(change, {
      ...{ id: accountId, name: operatorAccount.name },
      ...{ operator: true, production: 'approved' },
    })
  await insertMember(change, { id, accountId, personId, role: as })
  await recordAudits(tx, entries, newId, now())
}
