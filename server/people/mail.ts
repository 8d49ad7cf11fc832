// Mail to people: sent by SMTP where it is set, else a file in data/mail that only the owner of the process can read.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export interface Mail {
  to: string
  subject: string
  /** Plain text; a link stands on a line of its own. */
  text: string
}

export interface Mailer {
  kind: 'smtp' | 'files'
  /** Hands a mail over; it never fails and nobody waits for it: a mail that cannot be sent is told to the log. */
  send: (mail: Mail) => void
  /** Waits for those under way. */
  close: () => Promise<void>
}

export interface MailerOptions {
  /** Undefined: files. */
  smtpUrl: string | undefined
  from: string
  dataDir: string
  newId: (prefix: string) => string
  /** Never told an address or a link. */
  warn: (facts: object, text: string) => void
  /** How long after a failure it is tried again. */
  retryAfterMs?: readonly number[]
}

const usualRetries = [2_000, 15_000, 60_000]

export function openMailer(options: MailerOptions): Mailer {
  const { smtpUrl, warn, retryAfterMs = usualRetries } = options
  const deliver = smtpUrl === undefined ? writeToFile(options) : sendBySmtp(smtpUrl, options.from)
  const underWay = new Set<Promise<void>>()
  const closing = new AbortController()

  async function send(mail: Mail): Promise<void> {
    for (const pauseMs of [0, ...retryAfterMs]) {
      try {
        if (pauseMs > 0) await wait(pauseMs, undefined, { signal: closing.signal })
        return await deliver(mail)
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : 'unknown'
        warn({ code, subject: mail.subject }, 'a mail could not be sent')
        if (closing.signal.aborted) return
      }
    }
  }

  return {
    kind: smtpUrl === undefined ? 'files' : 'smtp',
    send(mail) {
      const sending = send(mail).finally(() => underWay.delete(sending))
      underWay.add(sending)
    },
    async close() {
      closing.abort()
      await Promise.all(underWay)
    },
  }
}

type Deliver = (mail: Mail) => Promise<void>

function writeToFile({ dataDir, from, newId }: MailerOptions): Deliver {
  const folder = join(dataDir, 'mail')
  return async ({ to, subject, text }) => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    // The id begins with the time: the newest mail is the last file.
    const file = join(folder, `${newId('mail')}.eml`)
    const head = [
      `From: ${from}`,
      `To: ${to}`,
      `Subject: ${subject}`,
      'Content-Type: text/plain; charset=utf-8',
    ]
    await writeFile(file, `${head.join('\n')}\n\n${text}\n`, { mode: 0o600 })
  }
}

/** nodemailer is loaded with the first mail. */
function sendBySmtp(url: string, from: string): Deliver {
  const transport = lazily(async () => {
    const { createTransport } = await import('nodemailer')
    return createTransport(url, { from, disableFileAccess: true, disableUrlAccess: true })
  })
  return async ({ to, subject, text }) => {
    // As an object, an address is one: nothing in it can name a second receiver.
    await (await transport()).sendMail({ to: { name: '', address: to }, subject, text })
  }
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
