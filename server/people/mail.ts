// Mail to people: sent by SMTP where it is set, else a file in data/mail that only the owner of the process can read.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { toHtml } from './mail-html.ts'

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
  /** The same for what must be prepared first: one, several, or undefined where there is none to send. */
  sendLater: (make: () => Promise<Mail | readonly Mail[] | undefined>) => void
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
    for (const [attempt, pauseMs] of [0, ...retryAfterMs].entries()) {
      try {
        if (pauseMs > 0) await wait(pauseMs, undefined, { signal: closing.signal })
        return await deliver(mail)
      } catch (error) {
        const isLast = closing.signal.aborted || attempt === retryAfterMs.length
        // The code alone: what a server says may name the receiver.
        warn(
          { code: codeOf(error) },
          isLast ? 'a mail was given up' : 'a mail could not be sent, and is tried again',
        )
        if (isLast) return
      }
    }
  }

  async function sendAll(make: () => Promise<Mail | readonly Mail[] | undefined>): Promise<void> {
    const made = await make()
    await Promise.all([made ?? []].flat().map(send))
  }

  function follow(sending: Promise<void>): void {
    underWay.add(sending)
    sending
      .catch((error: unknown) => warn({ code: codeOf(error) }, 'a mail could not be prepared'))
      .finally(() => underWay.delete(sending))
  }

  return {
    kind: smtpUrl === undefined ? 'files' : 'smtp',
    send: (mail) => follow(send(mail)),
    sendLater: (make) => follow(sendAll(make)),
    async close() {
      closing.abort()
      await Promise.allSettled(underWay)
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
    // Text that can be read as it is: a link that is broken into lines cannot be followed.
    const head = [
      `From: ${from}`,
      `To: ${oneLine(to)}`,
      `Subject: ${oneLine(subject)}`,
      `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
    ]
    await writeFile(file, `${head.join('\n')}\n\n${text}\n`, { mode: 0o600 })
  }
}

/** Nothing of a name that somebody chose begins another header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : 'unknown'
}

/** How long a server may be silent: a stop waits for the mails under way. */
const silenceMs = 10_000

/**
 * A password goes over the network encrypted or not at all; a server on this machine may do without, and one that is
 * told so by `?requireTLS=false`.
 */
export function demandsTls(url: string): boolean {
  const { username, hostname, searchParams } = new URL(url)
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
  return username !== '' && !isHere && searchParams.get('requireTLS') !== 'false'
}

/** nodemailer is loaded with the first mail. */
async function openTransport(url: string, from?: string) {
  const { createTransport } = await import('nodemailer')
  return createTransport(
    {
      ...{ url, requireTLS: demandsTls(url) },
      ...{ connectionTimeout: silenceMs, greetingTimeout: silenceMs, socketTimeout: silenceMs },
    },
    { ...(from !== undefined && { from }), disableFileAccess: true, disableUrlAccess: true },
  )
}

/** Whether a server takes our sign-in; no mail is sent. @returns what speaks against it, in a word. */
export async function greetMailServer(url: string): Promise<string | undefined> {
  const transport = await openTransport(url)
  try {
    await transport.verify()
    return undefined
  } catch (error) {
    // The code alone: what a server says may repeat the user name.
    return String(codeOf(error))
  } finally {
    transport.close()
  }
}

function sendBySmtp(url: string, from: string): Deliver {
  const transport = lazily(() => openTransport(url, from))
  return async ({ to, subject, text }) => {
    // As an object, an address is one: nothing in it can name a second receiver.
    await (await transport()).sendMail({
      ...{ to: { name: '', address: to }, subject: oneLine(subject), text, html: toHtml(text) },
    })
  }
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
