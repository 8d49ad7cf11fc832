/** A human being who signs in at the dashboard. */
export interface Person {
  id: string
  name: string
  /** The address that he gave; nobody else has it only when it is confirmed. */
  email: string
  emailConfirmed: boolean
  /** Whether he signs in with a second factor. */
  twoFactor: boolean
  createdAt: number
}
