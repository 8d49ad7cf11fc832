import { deviceProgram } from './device-codes.ts'
import type { OpenAuth } from './sign-in.ts'

/** What a device is told that asks for its session: RFC 8628 §3.5, and that it has it. */
export type DeviceState =
  | 'signed_in'
  | 'authorization_pending'
  | 'slow_down'
  | 'access_denied'
  | 'expired_token'

const grantType = 'urn:ietf:params:oauth:grant-type:device_code'

/** Uses an approved code up: of two who ask at once, one has the session. @returns its cookies, or why not. */
export async function redeem(
  auth: OpenAuth,
  deviceDigest: string,
  { headers }: { headers: Headers },
): Promise<{ state: DeviceState; cookies?: Headers }> {
  const { api } = await auth()
  const body = { grant_type: grantType, device_code: deviceDigest, client_id: deviceProgram.id } as const
  try {
    const { headers: cookies } = await api.deviceToken({ body, headers, returnHeaders: true })
    return { state: 'signed_in', cookies }
  } catch (error) {
    const state = stateOf(error)
    if (!state) throw error
    return { state }
  }
}

function stateOf(error: unknown): DeviceState | undefined {
  if (!(error instanceof Error) || !('body' in error)) return undefined
  const { body } = error
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined
  switch (body.error) {
    case 'authorization_pending':
    case 'slow_down':
    case 'access_denied':
      return body.error
    // Unknown is what was used, and what was too old and is forgotten: nobody learns which.
    case 'expired_token':
    case 'invalid_grant':
      return 'expired_token'
    default:
      return undefined
  }
}
