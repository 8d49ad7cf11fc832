import { disableClientsOf } from '../clients/disable-all.ts'
import type { Config } from '../config.ts'
import type { OpenDatabase } from '../database/open.ts'
import type { HttpServer } from '../http/server.ts'
import type { SessionRequest } from '../http/session-check.ts'
import { createCodeMaker } from '../people/device-codes.ts'
import { deviceApprovalRoutes, deviceRoutes } from '../people/device-routes.ts'
import { type FindMemberOptions, findMember } from '../people/find-member.ts'
import { invitationRoutes } from '../people/invitation-routes.ts'
import { invitationLinkRoutes, operatorLinkRoutes } from '../people/join-routes.ts'
import { type FoundSecret, mailAboutLeak } from '../people/leak-mail.ts'
import { openMailer } from '../people/mail.ts'
import { createMailLimits } from '../people/mail-limits.ts'
import { createMailTexts } from '../people/mails.ts'
import { memberRoutes } from '../people/member-routes.ts'
import { ownPasswordRoutes, ownTwoFactorRoutes } from '../people/own-routes.ts'
import { mountForPeople, passwordRoutes, signInRoutes } from '../people/public-routes.ts'
import { sessionRoutes, signOutRoutes } from '../people/session-routes.ts'
import { openAuth } from '../people/sign-in.ts'
import type { Protection } from '../protection/protection.ts'
import { sharedSecret, type Vault } from '../vault.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'

export interface PeopleOptions {
  config: Config
  database: OpenDatabase
  vault: Vault
  now: Now
  newId: NewId
  origins: readonly string[]
  protection: Protection
  warn: (facts: object, text: string) => void
}

/** People, their sessions and their membership in accounts. */
export interface People extends FindMemberOptions {
  findMember: (request: SessionRequest) => Promise<AccountCaller | undefined>
  /** What a member does, under /account. */
  routes: readonly ((server: HttpServer) => void)[]
  /** Where mail goes. */
  mail: 'smtp' | 'files'
  /** Tells the members by mail who can mend it. */
  mailAboutLeak: (secret: FoundSecret) => void
  /** Mounts what people do who are not signed in. */
  mount: (server: HttpServer) => Promise<void>
  /** Waits for mails under way. */
  close: () => Promise<void>
}

/** How often in a minute: whatever costs a password's hash; failures; codes of devices, and what asks for them. */
const limits = { requests: 60, failures: 20, deviceCodes: 10, devicePolls: 120 }

export async function openPeople(options: PeopleOptions): Promise<People> {
  const { config, database, now, newId, origins, protection, warn } = options
  const { db, dialect } = database
  const { publicUrl, production } = config
  const secret = (await sharedSecret(db, options.vault, 'sessions', now())).toString('base64url')
  const codes = createCodeMaker(secret)
  const auth = openAuth({ db, dialect, secret, origins, publicUrl, deviceCodes: codes })
  const mailer = openMailer({
    ...{ smtpUrl: config.mail.smtpUrl, from: config.mail.from, dataDir: config.dataDir },
    ...{ newId, warn },
  })
  const finding = { db, auth, production }
  const people = {
    ...{ ...finding, now, newId, origins, mailer, mails: createMailTexts(publicUrl) },
    disableClients: disableClientsOf,
    limits: {
      requests: protection.limitPublic('people', limits.requests),
      failuresFrom: protection.limitPublic('sign-ins', limits.failures),
      failuresOf: protection.limitEach('sign-ins-of', limits.failures),
      mails: createMailLimits(protection.countHourly),
    },
  }
  const devices = {
    ...{ ...people, publicUrl, codes },
    deviceRequests: protection.limitPublic('device-codes', limits.deviceCodes),
    // A device asks every few seconds: it takes nothing of what people have.
    limits: { ...people.limits, requests: protection.limitPublic('device-polls', limits.devicePolls) },
  }
  return {
    ...finding,
    findMember: (request) => findMember(finding, request),
    mail: mailer.kind,
    mailAboutLeak: (secret) => mailAboutLeak(people, secret),
    routes: [
      sessionRoutes(people),
      ownPasswordRoutes(people),
      ownTwoFactorRoutes(people),
      memberRoutes(people),
      invitationRoutes(people),
      deviceApprovalRoutes(devices),
    ],
    async mount(server) {
      await mountForPeople(server, devices, [deviceRoutes(devices)])
      await mountForPeople(server, people, [
        signInRoutes(people),
        passwordRoutes(people),
        signOutRoutes(people),
        invitationLinkRoutes(people),
        operatorLinkRoutes(people),
      ])
    },
    close: mailer.close,
  }
}
