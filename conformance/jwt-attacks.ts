// Tokens that an attacker, or a careless issuer, would send: none opens anything (RFC 8725, RFC 9068 §4).
import { claimAttacks } from './jwt-attacks/claims.ts'
import type { Attack } from './jwt-attacks/forge.ts'
import { headerAttacks } from './jwt-attacks/headers.ts'
import { signatureAttacks } from './jwt-attacks/signatures.ts'
import { textAttacks } from './jwt-attacks/texts.ts'

export const attacks: readonly Attack[] = [
  ...signatureAttacks,
  ...headerAttacks,
  ...claimAttacks,
  ...textAttacks,
]
