import { greetMailServer } from '../../people/mail.ts'
import { type Check, failure, ok, warning } from './finding.ts'

export const checkMail: Check = async ({ config: { mail, production, dataDir } }) => {
  if (mail.smtpUrl === undefined) {
    const text = `Mail is written into ${dataDir}/mail, and goes to nobody.`
    return [
      production
        ? warning(
            'mail',
            text,
            'Set LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM: people confirm their addresses by mail.',
          )
        : ok('mail', text),
    ]
  }
  const { host } = new URL(mail.smtpUrl)
  const reason = await greetMailServer(mail.smtpUrl)
  if (reason === undefined) return [ok('mail', `${host} greets, and takes our sign-in.`)]
  return [
    failure(
      'mail',
      `${host} cannot be used (${reason}).`,
      'Check address, port, user and password of LATCHKEY_SMTP_URL, and that this machine may reach it.',
    ),
  ]
}
