// Mail of a world without an SMTP server: what lies in its folder, newest last.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './until.ts'
import type { World } from './world.ts'

export interface ReadMail {
  to: string
  subject: string
  text: string
  /** The token of its link. */
  token: string | undefined
}

export function readMails({ dataDir }: Pick<World, 'dataDir'>, to?: string): ReadMail[] {
  const folder = join(dataDir, 'mail')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map((file) => readMail(readFileSync(join(folder, file), 'utf8')))
    .filter((mail) => to === undefined || mail.to === to)
}

/** The newest mail to an address, as soon as there are this many. */
export async function waitForMail(
  world: Pick<World, 'dataDir'>,
  to: string,
  count = 1,
): Promise<ReadMail & { token: string }> {
  const mails = await until(() => {
    const found = readMails(world, to)
    return found.length >= count ? found : undefined
  }, `mail ${count} to ${to}`)
  const mail = mails.at(-1)
  if (!mail) throw new Error('There is no mail.')
  return { ...mail, token: mail.token ?? '' }
}

function readMail(file: string): ReadMail {
  const [head = '', ...rest] = file.split('\n\n')
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1] ?? ''
  const text = rest.join('\n\n')
  return { to: field('To'), subject: field('Subject'), text, token: /#token=([\w-]+)/.exec(text)?.[1] }
}
