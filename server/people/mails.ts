// What mails say. A link carries its token behind `#`, which no server and no log sees.
import type { FoundSecret } from './leak-mail.ts'
import type { Mail } from './mail.ts'

export interface MailTexts {
  confirm: (to: string, token: string) => Mail
  alreadyThere: (to: string) => Mail
  passwordReset: (to: string, token: string) => Mail
  invitation: (to: string, facts: { accountName: string; invitedBy: string; token: string }) => Mail
  leakedSecret: (to: string, facts: FoundSecret & { accountName: string }) => Mail
}

export function createMailTexts(publicUrl: string): MailTexts {
  const link = (path: string, token: string) => `${publicUrl}/${path}#token=${token}`
  const notYou = 'If it was not you, ignore this mail.'
  return {
    confirm: (to, token) => ({
      to,
      subject: 'Confirm your address at Latchkey',
      text: [
        'Somebody made a free test account at Latchkey with this address.',
        'To confirm that it was you, open this link within 7 days and choose a new password:',
        link('confirm', token),
        `${notYou} The account ends by itself.`,
      ].join('\n\n'),
    }),
    alreadyThere: (to) => ({
      to,
      subject: 'You have an account at Latchkey already',
      text: [
        'Somebody made a new test account at Latchkey with this address, which has an account already.',
        'If it was you: sign in with the password that you have, or choose a new one.',
        `${publicUrl}/sign-in`,
        `${publicUrl}/reset-password`,
        notYou,
      ].join('\n\n'),
    }),
    passwordReset: (to, token) => ({
      to,
      subject: 'Choose a new password for Latchkey',
      text: [
        'Somebody asked for a new password for this address at Latchkey.',
        'To choose one, open this link within an hour. It works once, and ends all sessions:',
        link('reset-password', token),
        `${notYou} Your password stays as it is.`,
      ].join('\n\n'),
    }),
    invitation: (to, { accountName, invitedBy, token }) => ({
      to,
      subject: `Join ${accountName} at Latchkey`,
      text: [
        `${invitedBy} invites you to the account ${accountName} at Latchkey.`,
        'To join, open this link within 7 days:',
        link('invitation', token),
        'If you do not know what this is about, ignore this mail.',
      ].join('\n\n'),
    }),
    leakedSecret: (to, { accountName, environment, clientId, name, hint }) => ({
      to,
      subject: `A client secret of ${accountName} was found and does not work any more`,
      text: [
        `Somebody found a client secret of the account ${accountName} at Latchkey and reported it. Whoever else saw it could use it, so it was revoked at once, and the tokens of its client are dead.`,
        `It is the secret ${name} (${hint}) of the API client ${clientId} in ${environment}.`,
        'Programs that use it fail now. Add a new secret here, give it to them, and find out where the old one could be read:',
        `${publicUrl}/${environment}/account/api-clients/${clientId}?tab=secrets`,
        'The logs of the client show from where it was used:',
        `${publicUrl}/${environment}/account/api-clients/${clientId}?tab=logs`,
      ].join('\n\n'),
    }),
  }
}
