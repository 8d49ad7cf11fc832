// How many mails one address is sent. Each kind has its own count: asking for one uses up nothing of another.
import { Problem } from '../vocabulary/problem.ts'

const kinds = ['confirmation', 'reset', 'invitation'] as const

export type MailKind = (typeof kinds)[number]

export const mailsPerHour = 5

export interface MailLimits {
  /**
   * Counts a mail to an address. Where nobody may learn anything of the address the answer is the same either way: the
   * mails from before are in the mailbox, and the newest link works.
   * @returns false when there were enough.
   */
  hasRoom: (kind: MailKind, address: string) => Promise<boolean>
  /** The same for whoever may know. @throws {Problem} `rate_limited` */
  demandRoom: (kind: MailKind, address: string) => Promise<void>
}

/** @param countHourly of server/protection: undefined while there is room, else seconds to wait. */
export function createMailLimits(
  countHourly: (name: string, perHour: number) => (key: string) => Promise<number | undefined>,
): MailLimits {
  const counts = {
    confirmation: countHourly('mails-confirmation', mailsPerHour),
    reset: countHourly('mails-reset', mailsPerHour),
    invitation: countHourly('mails-invitation', mailsPerHour),
  } satisfies Record<MailKind, unknown>
  return {
    hasRoom: async (kind, address) => (await counts[kind](address)) === undefined,
    async demandRoom(kind, address) {
      const waitSeconds = await counts[kind](address)
      if (waitSeconds === undefined) return
      throw new Problem(
        'rate_limited',
        `At most ${mailsPerHour} such mails an hour go to one address. The link in the newest one works; look among unwanted mail, too.`,
        { headers: { 'retry-after': String(waitSeconds) } },
      )
    },
  }
}
