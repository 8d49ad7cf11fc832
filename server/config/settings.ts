// The one list of settings: docs/reference/settings.md and the start read it, nothing else names a variable.
import * as parse from './parse.ts'

interface Setting<T> {
  parse: (text: string) => T | undefined
  /** What is allowed, for the error and the docs. */
  allowed: string
  /** True: what was received is never shown. */
  secret?: true
}

function setting<T>(parse: (text: string) => T | undefined, allowed: string, secret?: true): Setting<T> {
  return secret ? { parse, allowed, secret } : { parse, allowed }
}

const postgresUrl = 'a URL that begins with postgres://'
const masterKey = '32 random bytes as base64url (43 characters) or hex (64 characters)'

export const settings = {
  LATCHKEY_HOST: setting(parse.parseText, 'an address or host name to listen on, e.g. 127.0.0.1'),
  LATCHKEY_PORT: setting(parse.parseInteger(0, 65_535), 'a whole number from 0 to 65535'),
  LATCHKEY_PUBLIC_URL: setting(
    parse.parseOrigin,
    'an origin without path, e.g. https://api.example (http only on a loopback host)',
  ),
  LATCHKEY_DATA_DIR: setting(parse.parseText, 'a folder'),
  LATCHKEY_DATABASE_URL: setting(parse.parsePostgresUrl, postgresUrl, true),
  LATCHKEY_DATABASE_DIRECT_URL: setting(parse.parsePostgresUrl, postgresUrl, true),
  LATCHKEY_MASTER_KEY: setting(parse.parseMasterKey, masterKey, true),
  LATCHKEY_PREVIOUS_MASTER_KEY: setting(parse.parseMasterKey, masterKey, true),
  LATCHKEY_SIGNER: setting(
    parse.parseUnixSocket,
    'the address of a signing process, unix:// and an absolute path, e.g. unix:///run/latchkey/signer.sock',
  ),
  LATCHKEY_DEPRECATED_HOSTS: setting(parse.parseHosts, 'host names without port, separated by commas'),
  LATCHKEY_DEPRECATED_SINCE: setting(parse.parseDate, 'a date YYYY-MM-DD'),
  LATCHKEY_DEPRECATED_SUNSET: setting(parse.parseDate, 'a date YYYY-MM-DD'),
  LATCHKEY_APPLY: setting(parse.parseText, 'the path of a JSON file with the declared set-up'),
  LATCHKEY_LOG_LEVEL: setting(
    parse.parseOneOf(['debug', 'info', 'warn', 'error', 'silent']),
    'debug, info, warn, error or silent',
  ),
  LATCHKEY_SUPPORT: setting(parse.parseSupport, 'a mail address or an https link'),
  LATCHKEY_TRUSTED_PROXIES: setting(parse.parseNetworks, 'IP addresses or CIDR ranges, separated by commas'),
  LATCHKEY_MTLS_URL: setting(parse.parseOrigin, 'an origin without path, e.g. https://mtls.api.example'),
  LATCHKEY_STALE_SECONDS: setting(parse.parseInteger(1, 86_400), 'a whole number from 1 to 86400'),
  LATCHKEY_TOKEN_QUOTA: setting(parse.parseInteger(1, 1_000_000), 'a whole number from 1 to 1000000'),
  LATCHKEY_TOKEN_QUOTA_MODE: setting(parse.parseOneOf(['observe', 'refuse']), 'observe or refuse'),
  LATCHKEY_REDIS_URL: setting(parse.parseRedisUrl, 'a URL that begins with redis:// or rediss://', true),
  LATCHKEY_ACTIVITY_DAYS: setting(parse.parseInteger(1, 3650), 'a whole number from 1 to 3650'),
  LATCHKEY_ADDRESS_DAYS: setting(parse.parseInteger(1, 3650), 'a whole number from 1 to 3650'),
  LATCHKEY_SMTP_URL: setting(
    parse.parseSmtpUrl,
    'a URL that begins with smtp:// or smtps://, with user and password if the server asks for them',
    true,
  ),
  LATCHKEY_MAIL_FROM: setting(
    parse.parseMailFrom,
    'a mail address, or a name with one, e.g. Latchkey <no-reply@api.example>',
  ),
  // Reserved for later parts: accepted, so that a deployment may set them ahead.
  LATCHKEY_METRICS_TOKEN: setting(parse.parseText, 'a secret of your choice', true),
  LATCHKEY_WORKERS: setting(parse.parseInteger(1, 64), 'a whole number from 1 to 64'),
}

/** What the SDK reads (docs of `@latchkey/client`): accepted here and ignored. */
export const clientSettings = [
  'LATCHKEY_URL',
  'LATCHKEY_CLIENT_ID',
  'LATCHKEY_CLIENT_SECRET',
  'LATCHKEY_SCOPES',
  'LATCHKEY_PROFILE',
]

export type SettingName = keyof typeof settings
export type SettingValues = {
  [Name in SettingName]: ReturnType<(typeof settings)[Name]['parse']>
}
