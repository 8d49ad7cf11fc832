import { createOTP } from '@better-auth/utils/otp'

/** What the app of a phone shows for the secret in this URI (RFC 6238). */
export function codeOf(totpUri: string): Promise<string> {
  const secret = new URL(totpUri).searchParams.get('secret') ?? ''
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  const bytes = bits.join('').match(/.{8}/g) ?? []
  return createOTP(String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 2)))).totp()
}
