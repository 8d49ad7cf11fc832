import { Problem } from '../vocabulary/problem.ts'
import { unlessRefused } from './refusal.ts'
import type { OpenAuth } from './sign-in.ts'

/** What a sign-in came to, and the cookies that the browser has to keep. */
export interface StartedSession {
  state: 'signed_in' | 'two_factor_needed'
  cookies: Headers
}

/**
 * Signs a person in whose password is known to be right. A new session always: one that the browser brought along is
 * never taken over.
 * @param email by which better-auth knows him.
 * @throws {Problem} `sign_in_failed`: the password was changed at this very moment.
 */
export async function startSession(
  auth: OpenAuth,
  person: { email: string; password: string },
  request: { headers: Headers },
): Promise<StartedSession> {
  const { api } = await auth()
  const headers = new Headers(request.headers)
  headers.delete('cookie')
  const { email, password } = person
  const signedIn = await unlessRefused(
    api.signInEmail({ body: { email, password }, headers, returnHeaders: true }),
  )
  if (!signedIn)
    throw new Problem('sign_in_failed', 'The password was changed meanwhile. Sign in with the new one.')
  const { response, headers: cookies } = signedIn
  // The plugin of the second factor answers otherwise than the types of the sign-in say.
  const answer: object = response
  return { state: 'twoFactorRedirect' in answer ? 'two_factor_needed' : 'signed_in', cookies }
}
