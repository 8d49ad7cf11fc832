// What a member does with his own sign-in, while he is signed in.

import { Type } from 'typebox'
import { type AuditEntry, recordAudits } from '../audit.ts'
import { accountCallerOf } from '../http/account-routes.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { fromOf, sessionRequestOf, writeCookies } from '../http/session-check.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import { Problem } from '../vocabulary/problem.ts'
import { listMemberships } from './member-store.ts'
import { refuseWeakPassword } from './password.ts'
import { isPasswordOf } from './password-check.ts'
import { hashPassword } from './passwords.ts'
import type { PublicPeopleOptions } from './public-routes.ts'
import { code, name, newPassword, password } from './schemas.ts'
import { makeConfirmation } from './send-links.ts'
import { presentSession, sessionAnswer } from './session-answer.ts'
import { entriesOf, writePassword } from './set-password.ts'
import { confirmSecondFactor, endSecondFactor, makeSecondFactor, renewRecoveryCodes } from './two-factor.ts'

const tags = ['People']
const config = { permission: 'session:own' as const }
const strict = { additionalProperties: false }
const done = { type: 'null', description: 'Done' } as const
const passwordBody = Type.Object({ password }, strict)
const wrongPasswordSchema = problemSchema(
  'The password is not right, or the request comes from a foreign page',
)

const hasNoneSchema = problemSchema('There is none')

/** The member who calls. @throws {Error} for a token: the permission of these routes keeps tokens out. */
export function memberOf(caller: AccountCaller) {
  if (!caller.member) throw new Error('No member calls.')
  return caller.member
}

export function ownPasswordRoutes(options: PublicPeopleOptions): (server: HttpServer) => void {
  const { db, now, newId, limits, mailer } = options
  return (server) => {
    server.post(
      '/email-confirmation',
      {
        config,
        schema: {
          operationId: 'sendEmailConfirmation',
          summary: 'Send the mail that confirms the address again',
          tags,
          response: {
            202: done,
            409: problemSchema('It is confirmed'),
            429: problemSchema('Too many mails'),
          },
        },
      },
      async (request, reply) => {
        const { person } = memberOf(accountCallerOf(request))
        if (person.emailConfirmed) throw new Problem('conflict', 'Your address is confirmed already.')
        await limits.mails.demandRoom('confirmation', person.email)
        mailer.send(await makeConfirmation(options, { personId: person.id, email: person.email }))
        return reply.code(202).send(null)
      },
    )

    server.post(
      '/password',
      {
        config,
        schema: {
          operationId: 'changeOwnPassword',
          summary: 'Change the own password',
          description: 'Other sessions end.',
          tags,
          body: Type.Object({ currentPassword: password, newPassword }, strict),
          response: { 204: done, 403: wrongPasswordSchema, 429: problemSchema('Too many attempts') },
        },
      },
      async (request, reply) => {
        const { person, sessionId } = memberOf(accountCallerOf(request))
        const { currentPassword, newPassword: wanted } = request.body
        if (!(await isPasswordOf(db, person.id, currentPassword))) {
          await limits.failuresOf(person.id)
          throw wrongPassword('currentPassword')
        }
        refuseWeakPassword(wanted, [person.email, person.name], 'newPassword')
        const hash = await hashPassword(wanted)
        const memberships = await listMemberships(db, person.id)
        await db.transaction().execute(async (tx) => {
          await writePassword(tx, { personId: person.id, hash, nowMs: now(), but: sessionId })
          await recordAudits(
            tx,
            entriesOf(memberships, 'member.password_changed', fromOf(request)),
            newId,
            now(),
          )
        })
        return reply.code(204).send(null)
      },
    )

    server.patch(
      '/person',
      {
        config,
        schema: {
          operationId: 'updateOwnPerson',
          summary: 'Change the own name',
          tags,
          body: Type.Object({ name }, strict),
          response: { 200: sessionAnswer },
        },
      },
      async (request) => {
        const caller = accountCallerOf(request)
        const member = memberOf(caller)
        const { person, id } = member
        const entry: AuditEntry = {
          accountId: caller.accountId,
          environment: null,
          actor: caller.actor,
          action: 'member.renamed',
          object: { kind: 'member', id },
          before: { name: person.name },
          after: { name: request.body.name },
        }
        await db.transaction().execute(async (tx) => {
          await tx
            .updateTable('person')
            .set({ name: request.body.name, updated_at: new Date().toISOString() })
            .where('id', '=', person.id)
            .execute()
          await recordAudits(tx, [entry], newId, now())
        })
        const renamed = { ...person, name: request.body.name }
        return presentSession(options, { ...caller, member: { ...member, person: renamed } })
      },
    )
  }
}

export function ownTwoFactorRoutes(options: PublicPeopleOptions): (server: HttpServer) => void {
  const { db, auth, now, newId, limits } = options

  async function audit(caller: AccountCaller, action: string, from: { address: string; requestId: string }) {
    const memberships = await listMemberships(db, memberOf(caller).person.id)
    await db
      .transaction()
      .execute((tx) => recordAudits(tx, entriesOf(memberships, action, from), newId, now()))
  }

  return (server) => {
    server.post(
      '/two-factor',
      {
        config,
        schema: {
          operationId: 'setUpTwoFactor',
          summary: 'Set up a second factor',
          description:
            'It counts once POST /account/two-factor/confirm was given its first code. The recovery codes are shown this once.',
          tags,
          body: passwordBody,
          response: {
            200: Type.Object({ totpUri: Type.String(), recoveryCodes: Type.Array(Type.String()) }),
            403: wrongPasswordSchema,
            409: problemSchema('There is one already'),
          },
        },
      },
      async (request) => {
        const { person } = memberOf(accountCallerOf(request))
        if (!person.emailConfirmed)
          throw new Problem(
            'email_unconfirmed',
            'Confirm your address first: it is how you come back when the second factor is lost.',
          )
        if (person.twoFactor) throw hasOne()
        const made = await makeSecondFactor(auth, request.body.password, sessionRequestOf(request))
        if (!made) {
          await limits.failuresOf(person.id)
          throw wrongPassword('password')
        }
        return made
      },
    )

    server.post(
      '/two-factor/confirm',
      {
        config,
        schema: {
          operationId: 'confirmTwoFactor',
          summary: 'Give the first code of a new second factor',
          tags,
          body: Type.Object({ code }, strict),
          response: {
            204: done,
            409: problemSchema('There is one already'),
            422: problemSchema('The code is not right'),
          },
        },
      },
      async (request, reply) => {
        const caller = accountCallerOf(request)
        if (memberOf(caller).person.twoFactor) throw hasOne()
        const cookies = await confirmSecondFactor(auth, request.body.code, sessionRequestOf(request))
        if (!cookies) {
          await limits.failuresOf(memberOf(caller).person.id)
          throw new Problem('invalid_value', 'The code is not right. Try the next one that the app shows.', {
            members: { errors: [{ field: 'body.code', message: 'is not right' }] },
          })
        }
        await audit(caller, 'member.two_factor_set_up', fromOf(request))
        writeCookies(reply, cookies)
        return reply.code(204).send(null)
      },
    )

    server.post(
      '/two-factor/off',
      {
        config,
        schema: {
          operationId: 'endTwoFactor',
          summary: 'End the second factor',
          tags,
          body: passwordBody,
          response: { 204: done, 403: wrongPasswordSchema, 409: hasNoneSchema },
        },
      },
      async (request, reply) => {
        const caller = accountCallerOf(request)
        if (!memberOf(caller).person.twoFactor) throw hasNone()
        const cookies = await endSecondFactor(auth, request.body.password, sessionRequestOf(request))
        if (!cookies) {
          await limits.failuresOf(memberOf(caller).person.id)
          throw wrongPassword('password')
        }
        await audit(caller, 'member.two_factor_ended', fromOf(request))
        writeCookies(reply, cookies)
        return reply.code(204).send(null)
      },
    )

    server.post(
      '/two-factor/recovery-codes',
      {
        config,
        schema: {
          operationId: 'makeRecoveryCodes',
          summary: 'Make new recovery codes',
          description: 'The old ones stop working. They are shown this once.',
          tags,
          body: passwordBody,
          response: {
            200: Type.Object({ recoveryCodes: Type.Array(Type.String()) }),
            403: wrongPasswordSchema,
            409: hasNoneSchema,
          },
        },
      },
      async (request) => {
        const caller = accountCallerOf(request)
        if (!memberOf(caller).person.twoFactor) throw hasNone()
        const recoveryCodes = await renewRecoveryCodes(auth, request.body.password, sessionRequestOf(request))
        if (!recoveryCodes) {
          await limits.failuresOf(memberOf(caller).person.id)
          throw wrongPassword('password')
        }
        await audit(caller, 'member.recovery_codes_renewed', fromOf(request))
        return { recoveryCodes }
      },
    )
  }
}

function hasOne(): Problem {
  return new Problem('conflict', 'You have a second factor already. End it first.')
}

function hasNone(): Problem {
  return new Problem('conflict', 'You have no second factor. Set one up first.')
}

function wrongPassword(field: string): Problem {
  return new Problem('permission_denied', 'The password is not right.', {
    members: { errors: [{ field: `body.${field}`, message: 'is not right' }] },
  })
}
