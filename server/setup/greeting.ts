import { join } from 'node:path'
import type { Config } from '../config.ts'

/** What `npm start` prints: where things are, and two lines to copy. Never a secret. */
export function greeting(config: Config, demoFile: string | undefined, hasOperator: boolean): string {
  const { publicUrl } = config
  const lines = [
    `Latchkey runs at ${publicUrl}   (stop: Ctrl-C)`,
    `  dashboard      ${publicUrl}/   (create a free test account there)`,
    `  API reference  ${publicUrl}/docs/api`,
    `  token          POST ${publicUrl}/oauth/connect/token`,
    `  APIs           ${publicUrl}/signature  /notification  /identification`,
  ]
  if (config.mail.smtpUrl === undefined)
    lines.push(`Mail is written to ${join(config.dataDir, 'mail')}/ (no LATCHKEY_SMTP_URL is set).`)
  if (!hasOperator)
    lines.push('Nobody operates it yet. The first one comes in by: npm run latchkey -- admin set-up-link')
  if (demoFile !== undefined) lines.push(...demoLines(demoFile))
  return `${lines.join('\n')}\n`
}

function demoLines(file: string): string[] {
  const path = /^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`
  const source = path.startsWith('/') ? path : `./${path.replace(/^\.\//, '')}`
  const request =
    'curl -s -u "$LATCHKEY_CLIENT_ID:$LATCHKEY_CLIENT_SECRET" -d grant_type=client_credentials -d scope=document_read "$LATCHKEY_URL/oauth/connect/token"'
  return [
    `A demo client is in ${file} (test, readable by you only). Copy: a token, then a guarded call with one:`,
    `  . ${source}; ${request}; echo`,
    `  . ${source}; curl -s -H "Authorization: Bearer $(${request} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')" "$LATCHKEY_URL/signature/documents"; echo`,
    'Or in another terminal: npm run try',
  ]
}
