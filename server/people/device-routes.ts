// Signing in on a device without a browser (RFC 8628): the device shows a code, a member who is signed in approves it,
// the device gets a session of his.
import { Type } from 'typebox'
import { type AuditEntry, recordAudit, recordAudits } from '../audit.ts'
import { accountCallerOf } from '../http/account-routes.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { fromOf, sessionRequestOf, withCookies, withoutSession, writeCookies } from '../http/session-check.ts'
import { isoTime } from '../vocabulary/clock.ts'
import { Problem } from '../vocabulary/problem.ts'
import { type CodeMaker, deviceProgram, deviceRules } from './device-codes.ts'
import { type DeviceState, redeem } from './device-redeem.ts'
import { decide, findApprovedAccount, findWaiting, noteAsker } from './device-store.ts'
import { findSession } from './find-member.ts'
import { listMemberships } from './member-store.ts'
import { memberOf } from './own-routes.ts'
import { type Limit, type PublicPeopleOptions, publicRefusals } from './public-routes.ts'
import { unlessRefused } from './refusal.ts'
import { chooseAccount } from './session-store.ts'

export interface DeviceOptions extends PublicPeopleOptions {
  publicUrl: string
  codes: CodeMaker
  /** How often codes may be asked for, from each network address. */
  deviceRequests: Limit
}

const tags = ['People']
const strict = { additionalProperties: false }
const config = { permission: 'session:own' as const }
const done = { type: 'null', description: 'Done' } as const

const codeBody = Type.Object(
  { userCode: Type.String({ minLength: 8, maxLength: 20, description: 'The code that the device shows.' }) },
  strict,
)

const states: DeviceState[] = [
  'signed_in',
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
]

const decisions = [
  ['approve', 'approved', 'member.device_approved', 'approveDeviceSignIn', 'Let a device sign in as oneself'],
  ['refuse', 'denied', 'member.device_refused', 'refuseDeviceSignIn', 'Refuse the sign-in of a device'],
] as const

/** What the device calls. */
export function deviceRoutes(options: DeviceOptions): (server: HttpServer) => void {
  const { db, auth, codes, now, newId, publicUrl } = options
  return (server) => {
    server.post(
      '/device-sign-ins',
      {
        schema: {
          operationId: 'startDeviceSignIn',
          summary: 'Ask for the codes of a sign-in without a browser',
          description:
            'RFC 8628 §3.1, as an operation of this API: what comes of it is a session, not an access token.',
          tags,
          security: [],
          body: Type.Object({ clientId: Type.Enum([deviceProgram.id]) }, strict),
          response: {
            201: Type.Object({
              deviceCode: Type.String({ description: 'For the device alone.' }),
              userCode: Type.String({ description: 'For the person, who enters it at verificationUri.' }),
              verificationUri: Type.String(),
              expiresInSeconds: Type.Integer(),
              intervalSeconds: Type.Integer({ description: 'Ask not more often than that.' }),
            }),
            ...publicRefusals,
          },
        },
      },
      async (request, reply) => {
        await options.deviceRequests(request.ip)
        const { api } = await auth()
        const body = { client_id: request.body.clientId }
        const { deviceCode, userCode } = await codes.collect(() => api.deviceCode({ body }))
        const asker = { address: request.ip, userAgent: request.headers['user-agent'], nowMs: now() }
        await noteAsker(db, codes.deviceDigest(deviceCode), asker)
        reply.code(201)
        const { lifetimeSeconds: expiresInSeconds, intervalSeconds } = deviceRules
        return {
          deviceCode,
          userCode,
          verificationUri: `${publicUrl}/device`,
          expiresInSeconds,
          intervalSeconds,
        }
      },
    )

    server.post(
      '/device-sign-ins/complete',
      {
        schema: {
          operationId: 'completeDeviceSignIn',
          summary: 'Ask whether the member has approved, and get the session',
          description: 'RFC 8628 §3.4 and §3.5. The session comes as a cookie, once.',
          tags,
          security: [],
          body: Type.Object({ deviceCode: Type.String({ minLength: 20, maxLength: 100 }) }, strict),
          response: {
            200: Type.Object({
              state: Type.Enum(states, { description: 'But for signed_in the codes of RFC 8628 §3.5.' }),
            }),
            ...publicRefusals,
          },
        },
      },
      async (request, reply) => {
        const asked = withoutSession(sessionRequestOf(request))
        const digest = codes.deviceDigest(request.body.deviceCode)
        // Read before: the code is used up by what follows.
        const accountId = await findApprovedAccount(db, digest)
        const { state, cookies } = await redeem(auth, digest, asked)
        if (!cookies) return { state }
        const session = await findSession(options, withCookies(asked, cookies))
        if (!session) return { state: 'expired_token' as const }
        await db.transaction().execute(async (tx) => {
          if (accountId !== undefined) await chooseAccount(tx, session.id, accountId)
          const memberships = await listMemberships(tx, session.person.id)
          const entries = memberships
            .filter((membership) => membership.accountId === accountId)
            .map(({ memberId }) =>
              deviceEntry(accountId, memberId, 'member.device_signed_in', fromOf(request)),
            )
          await recordAudits(tx, entries, newId, now())
        })
        writeCookies(reply, cookies)
        return { state }
      },
    )
  }
}

/** What the member does who is signed in. */
export function deviceApprovalRoutes(options: DeviceOptions): (server: HttpServer) => void {
  const { db, auth, codes, limits, now, newId } = options
  const deadCode = { 410: problemSchema('The code does not work'), 429: problemSchema('Too many attempts') }

  async function refuse(personId: string): Promise<never> {
    await limits.failuresOf(personId)
    throw new Problem(
      'gone',
      'This code does not work: it is mistyped, was used, or is older than 10 minutes. Look at the device again, or begin there anew.',
    )
  }

  return (server) => {
    server.post(
      '/device-sign-ins/look',
      {
        config,
        schema: {
          operationId: 'lookAtDeviceSignIn',
          summary: 'Look who asks for a sign-in',
          description: 'From then on nobody else can approve it.',
          tags,
          body: codeBody,
          response: {
            200: Type.Object({
              program: Type.String(),
              address: Type.Union([Type.String(), Type.Null()], {
                description: 'From where it was asked for.',
              }),
              userAgent: Type.Union([Type.String(), Type.Null()], {
                description: 'What the asker says it is. Show it as text, never as HTML.',
              }),
              requestedAt: Type.String({ format: 'date-time' }),
              expiresAt: Type.String({ format: 'date-time' }),
            }),
            ...deadCode,
          },
        },
      },
      async (request) => {
        const { person } = memberOf(accountCallerOf(request))
        const digest = codes.userDigest(request.body.userCode)
        const { api } = await auth()
        const { headers } = sessionRequestOf(request)
        await unlessRefused(api.deviceVerify({ query: { user_code: digest }, headers }))
        const found = await findWaiting(db, digest, person.id)
        if (!found) return refuse(person.id)
        const { address, userAgent, requestedAt, expiresAt } = found
        const times = { requestedAt: isoTime(requestedAt), expiresAt: isoTime(expiresAt) }
        return { program: deviceProgram.name, address, userAgent, ...times }
      },
    )

    for (const [word, status, action, operationId, summary] of decisions)
      server.post(
        `/device-sign-ins/${word}`,
        {
          config,
          schema: { operationId, summary, tags, body: codeBody, response: { 204: done, ...deadCode } },
        },
        async (request, reply) => {
          const caller = accountCallerOf(request)
          const { person, id } = memberOf(caller)
          const digest = codes.userDigest(request.body.userCode)
          const { accountId } = caller
          const decided = await db.transaction().execute(async (tx) => {
            const asker = await decide(tx, digest, { personId: person.id, accountId, status })
            if (!asker) return false
            const entry = deviceEntry(accountId, id, action, fromOf(request))
            const after = { program: deviceProgram.name, ...asker }
            await recordAudit(tx, { ...entry, after }, newId, now())
            return true
          })
          if (!decided) return refuse(person.id)
          return reply.code(204).send(null)
        },
      )
  }
}

function deviceEntry(
  accountId: string | undefined,
  memberId: string,
  action: string,
  from: { address: string; requestId: string },
): AuditEntry {
  return {
    accountId: accountId ?? null,
    environment: null,
    actor: { kind: 'member', id: memberId, ...from },
    action,
    object: { kind: 'member', id: memberId },
    before: null,
    after: null,
  }
}
