// The second factor: an app that shows codes (RFC 6238), and recovery codes for when it is lost.
import { Problem } from '../vocabulary/problem.ts'
import type { BetterAuth } from './better-auth.ts'
import { isLockedError, unlessRefused } from './refusal.ts'
import type { OpenAuth } from './sign-in.ts'

interface Code {
  code?: string
  recoveryCode?: string
}

/** How long better-auth locks a second factor after ten wrong ones in a row (NIST SP 800-63B §3.2.2). */
const lockedSeconds = 900

/**
 * Ends a sign-in that waits for its second factor.
 * @returns the cookies; undefined: the code is not right.
 * @throws {Problem} `rate_limited`: there were too many wrong ones.
 */
export async function verifySecondFactor(
  auth: OpenAuth,
  { code, recoveryCode }: Code,
  { headers }: { headers: Headers },
): Promise<Headers | undefined> {
  const { api } = await auth()
  const verifying = unlessRefused(
    code !== undefined
      ? api.verifyTOTP({ body: { code }, headers, returnHeaders: true })
      : api.verifyBackupCode({ body: { code: recoveryCode?.trim() ?? '' }, headers, returnHeaders: true }),
  )
  const verified = await verifying.catch((error: unknown) => {
    throw isLockedError(error) ? locked() : error
  })
  return verified?.headers
}

export interface NewSecondFactor {
  totpUri: string
  recoveryCodes: string[]
}

/** Makes a second factor that counts once a code was given. @returns undefined: there is one, or the password is wrong. */
export async function makeSecondFactor(
  auth: OpenAuth,
  password: string,
  { headers }: { headers: Headers },
): Promise<NewSecondFactor | undefined> {
  const { api } = await auth()
  const made = await unlessRefused(api.enableTwoFactor({ body: { password }, headers }))
  if (!made || !('totpURI' in made) || !made.totpURI || !made.backupCodes) return undefined
  return { totpUri: made.totpURI, recoveryCodes: made.backupCodes }
}

/** The first code makes the second factor count. @returns the cookies of the session, which is a new one. */
export function confirmSecondFactor(
  auth: OpenAuth,
  code: string,
  request: { headers: Headers },
): Promise<Headers | undefined> {
  return verifySecondFactor(auth, { code }, request)
}

/** @returns undefined: the password is wrong. */
export async function endSecondFactor(
  auth: OpenAuth,
  password: string,
  { headers }: { headers: Headers },
): Promise<Headers | undefined> {
  const { api } = await auth()
  const ended = await unlessRefused(
    api.disableTwoFactor({ body: { password }, headers, returnHeaders: true }),
  )
  return ended?.headers
}

/** New recovery codes; the old ones stop working. @returns undefined: the password is wrong, or there is no factor. */
export async function renewRecoveryCodes(
  auth: OpenAuth,
  password: string,
  { headers }: { headers: Headers },
): Promise<string[] | undefined> {
  const { api }: BetterAuth = await auth()
  const made = await unlessRefused(api.generateBackupCodes({ body: { password }, headers }))
  return made?.backupCodes
}

function locked(): Problem {
  return new Problem(
    'rate_limited',
    `Too many wrong codes: for ${lockedSeconds / 60} minutes no code signs in. Wait, then sign in again. If it was not you, somebody knows your password: choose a new one by mail.`,
    { headers: { 'retry-after': String(lockedSeconds) } },
  )
}
