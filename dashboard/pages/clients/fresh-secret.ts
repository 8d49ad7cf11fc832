import type { Environment } from '../../paths.ts'
import { createHandover } from '../../ui/handover.ts'

/** A secret that was made just now: the one moment in which it is known here. */
export interface FreshSecret {
  environment: Environment
  clientId: string
  clientName: string
  secret: string
  expiresAt: string | null
  /** Of the client: what can be tried with it. */
  scopes: readonly string[]
}

/** From the page that made it to the page of its client. */
export const freshSecret = createHandover<FreshSecret>()
