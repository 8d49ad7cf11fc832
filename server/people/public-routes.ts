// What people do who are not signed in yet. No answer tells whether an address has an account.
import { finished } from 'node:stream'
import type { Database } from '../database/tables.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import {
  fromOf,
  hasSession,
  refuseForeignOrigin,
  sessionRequestOf,
  withCookies,
  withoutSession,
  writeCookies,
} from '../http/session-check.ts'
import { Problem } from '../vocabulary/problem.ts'
import { type FindMemberOptions, findMember, findSession } from './find-member.ts'
import type { Mailer } from './mail.ts'
import type { MailLimits } from './mail-limits.ts'
import type { MailTexts } from './mails.ts'
import { refuseWeakPassword } from './password.ts'
import { findByPassword } from './password-check.ts'
import { hasTrialEnded } from './person-store.ts'
import {
  confirmationAnswer,
  emailBody,
  newPasswordBody,
  secondFactorBody,
  signInAnswer,
  signInBody,
  signUpBody,
} from './schemas.ts'
import { makeConfirmation, sendPasswordReset } from './send-links.ts'
import { presentSession, sessionAnswer } from './session-answer.ts'
import { confirmEmail, type DisableClients, resetPassword } from './set-password.ts'
import { type SignUpOptions, signUp } from './sign-up.ts'
import { type StartedSession, startSession } from './start-session.ts'
import { verifySecondFactor } from './two-factor.ts'

/** @throws {Problem} `rate_limited` */
export type Limit = (key: string) => Promise<void>

export interface PublicPeopleOptions extends SignUpOptions, FindMemberOptions {
  disableClients: DisableClients
  db: Database
  mailer: Mailer
  mails: MailTexts
  origins: readonly string[]
  limits: {
    /** All of these requests, for each network address: they cost much. */
    requests: Limit
    /** Failed ones, for each network address and for each mail address. */
    failuresFrom: Limit
    failuresOf: Limit
    mails: MailLimits
  }
}

const tags = ['People']

export const publicRefusals = {
  400: problemSchema('The request is not valid'),
  403: problemSchema('The request comes from a foreign page'),
  429: problemSchema('Too many attempts'),
  503: problemSchema('Temporarily unavailable: retry after the time in Retry-After'),
}

/** Answers a sign-in, with its cookies. */
export function answerSession(reply: Parameters<typeof writeCookies>[0], { state, cookies }: StartedSession) {
  writeCookies(reply, cookies)
  return { state }
}

/** Mounts the operations of this kind: they come from pages of ours alone, and not too often. */
export async function mountForPeople(
  server: HttpServer,
  { origins, limits }: Pick<PublicPeopleOptions, 'origins' | 'limits'>,
  routes: readonly ((server: HttpServer) => void)[],
): Promise<void> {
  await server.register(
    async (scope: HttpServer) => {
      scope.addHook('onRequest', async (request, reply) => {
        reply.header('cache-control', 'no-store')
        refuseForeignOrigin(request, origins)
        await limits.requests(request.ip)
      })
      for (const mount of routes) mount(scope)
    },
    { prefix: '/account' },
  )
}

export function signInRoutes(options: PublicPeopleOptions): (server: HttpServer) => void {
  const { db, auth, limits, mailer, now } = options
  return (server) => {
    server.post(
      '/sign-up',
      {
        schema: {
          operationId: 'signUp',
          summary: 'Create a free test account',
          description: 'Signs in at once. The answer is the same for an address that has an account already.',
          tags,
          security: [],
          body: signUpBody,
          response: { 201: sessionAnswer, ...publicRefusals },
        },
      },
      async (request, reply) => {
        const { email, password, company } = request.body
        refuseWeakPassword(password, [email, company])
        const known = await signUp(options, request.body, fromOf(request))
        const asked = sessionRequestOf(request)
        const { cookies } = await startSession(auth, { email: known, password }, asked)
        const caller = await findMember(options, withCookies(asked, cookies))
        if (!caller) throw new Error('Whoever signed up has no session.')
        writeCookies(reply, cookies)
        reply.code(201)
        return presentSession(options, caller)
      },
    )

    server.post(
      '/sign-in',
      {
        schema: {
          operationId: 'signIn',
          summary: 'Sign in',
          tags,
          security: [],
          body: signInBody,
          response: {
            200: signInAnswer,
            401: problemSchema('Address and password do not belong together'),
            ...publicRefusals,
          },
        },
      },
      async (request, reply) => {
        const { email, password } = request.body
        const address = email.toLowerCase()
        const person = await findByPassword(db, address, password)
        if (!person) {
          await limits.failuresFrom(request.ip)
          await limits.failuresOf(address)
          throw new Problem(
            'sign_in_failed',
            'Address and password do not belong together. Try again, or choose a new password by mail.',
          )
        }
        if (!person.confirmed && (await hasTrialEnded(db, person.personId, now()))) {
          if (await limits.mails.hasRoom('confirmation', address))
            mailer.send(await makeConfirmation(options, { personId: person.personId, email: address }))
          throw new Problem(
            'email_unconfirmed',
            'The time to confirm this address has passed. A mail is on its way: open the link in the newest one and choose a new password.',
          )
        }
        const started = await startSession(auth, { email: person.email, password }, sessionRequestOf(request))
        return answerSession(reply, started)
      },
    )

    server.post(
      '/sign-in/two-factor',
      {
        schema: {
          operationId: 'signInWithTwoFactor',
          summary: 'Give the second factor of a sign-in',
          tags,
          security: [],
          body: secondFactorBody,
          response: { 200: signInAnswer, 401: problemSchema('The code is not right'), ...publicRefusals },
        },
      },
      async (request, reply) => {
        const cookies = await verifySecondFactor(
          auth,
          request.body,
          withoutSession(sessionRequestOf(request)),
        )
        if (!cookies) {
          await limits.failuresFrom(request.ip)
          throw new Problem(
            'sign_in_failed',
            'The code is not right, or the sign-in took too long. Try the next code, or sign in again.',
          )
        }
        return answerSession(reply, { state: 'signed_in', cookies })
      },
    )
  }
}

export function passwordRoutes(options: PublicPeopleOptions): (server: HttpServer) => void {
  const { auth, limits } = options
  const linkAnswers = { ...publicRefusals, 410: problemSchema('The link does not work any more') }
  return (server) => {
    server.post(
      '/password-reset',
      {
        schema: {
          operationId: 'requestPasswordReset',
          summary: 'Ask for a link to choose a new password',
          description:
            'The answer is always the same. The link comes by mail, if the address has an account.',
          tags,
          security: [],
          body: emailBody,
          response: { 202: { type: 'null', description: 'Taken' }, ...publicRefusals },
        },
      },
      async (request, reply) => {
        const address = request.body.email.toLowerCase()
        const hasRoom = await limits.mails.hasRoom('reset', address)
        // Only then, so that what it takes to look does not show in the time that the answer took.
        if (hasRoom) finished(reply.raw, () => sendPasswordReset(options, address))
        return reply.code(202).send(null)
      },
    )

    server.post(
      '/password-reset/complete',
      {
        schema: {
          operationId: 'completePasswordReset',
          summary: 'Choose a new password',
          description: 'All sessions end.',
          tags,
          security: [],
          body: newPasswordBody,
          response: { 204: { type: 'null', description: 'Done' }, ...linkAnswers },
        },
      },
      async (request, reply) => {
        const { token, password } = request.body
        await resetPassword(options, { token, password, from: fromOf(request) })
        return reply.code(204).send(null)
      },
    )

    server.post(
      '/email-confirmation/complete',
      {
        schema: {
          operationId: 'confirmEmail',
          summary: 'Confirm an address, and choose a new password',
          description:
            'Earlier sessions end, and the clients of the account are disabled, because somebody else may have made them; they go on when the browser that signed up confirms.',
          tags,
          security: [],
          body: newPasswordBody,
          response: {
            200: confirmationAnswer,
            409: problemSchema('The address belongs to another account'),
            ...linkAnswers,
          },
        },
      },
      async (request, reply) => {
        const { token, password } = request.body
        const session = hasSession(request)
          ? await findSession(options, sessionRequestOf(request))
          : undefined
        const wish = { token, password, from: fromOf(request) }
        const { email, clientsDisabled } = await confirmEmail(options, wish, session?.person.id)
        const started = await startSession(auth, { email, password }, sessionRequestOf(request))
        return { ...answerSession(reply, started), clientsDisabled }
      },
    )
  }
}
