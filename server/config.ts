import { describeSetting, listGivenSettings } from './config/describe-settings.ts'
import { isLoopback } from './config/parse.ts'
import { readSettings } from './config/read-settings.ts'
import type { SettingValues } from './config/settings.ts'

/** Everything that is set from outside, read once at start. */
export interface Config {
  production: boolean
  host: string
  port: number
  /** The origin under which callers reach us, without a trailing slash. */
  publicUrl: string
  /** True when both the listening address and the public URL stay on this machine. */
  loopback: boolean
  dataDir: string
  /** Set: PostgreSQL. Not set: the embedded database in `dataDir`. */
  databaseUrl: string | undefined
  /** For migrations, past a pooler. Default: `databaseUrl`. */
  databaseDirectUrl: string | undefined
  masterKey: Buffer | undefined
  /** What was wrapped with this one is wrapped anew at start. */
  previousMasterKey: Buffer | undefined
  /** Set: the private signing keys are in a process that listens there. */
  signerSocket: string | undefined
  deprecated: { hosts: string[]; sinceMs: number; sunsetMs: number | undefined } | undefined
  applyFile: string | undefined
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  support: string | undefined
  trustedProxies: string[]
  /** Where callers with a certificate reach us; set: certificates authenticate clients (RFC 8705 §5). */
  mtlsUrl: string | undefined
  staleSeconds: number
  /** How long activity is kept. */
  activityDays: number
  /** How long addresses of callers are kept, in activity and audit: then they are cut. */
  addressDays: number
  /** How many tokens a client may request before it is told to reuse them, and what is done beyond. */
  tokenQuota: { perMinute: number; mode: 'observe' | 'refuse' }
  /** How mail goes out; without an SMTP server it is written into the data folder. */
  mail: { smtpUrl: string | undefined; from: string }
  /** Set: limits are counted there, for all nodes together. */
  redisUrl: string | undefined
}

/** All that is wrong with the settings, a sentence each. */
export class ConfigError extends Error {
  readonly errors: string[]

  constructor(errors: string[]) {
    super(errors.join('\n'))
    this.name = 'ConfigError'
    this.errors = errors
  }
}

/**
 * Reads the settings, the only place that looks at environment variables.
 * @throws {ConfigError} naming every mistake at once.
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const errors: string[] = []
  const values = readSettings(env, errors)
  const production = env.NODE_ENV === 'production'
  const host = values.LATCHKEY_HOST ?? '127.0.0.1'
  const port = values.LATCHKEY_PORT ?? 3000
  const publicUrl = values.LATCHKEY_PUBLIC_URL ?? defaultPublicUrl(host, port)
  errors.push(...missing(env, values, production, publicUrl), ...contradictions(values, publicUrl))
  if (errors.length > 0 || publicUrl === undefined) throw new ConfigError(errors)
  return {
    production,
    host,
    port,
    publicUrl,
    loopback: isLoopback(host) && isLoopback(new URL(publicUrl).hostname),
    dataDir: values.LATCHKEY_DATA_DIR ?? 'data',
    databaseUrl: values.LATCHKEY_DATABASE_URL,
    databaseDirectUrl: values.LATCHKEY_DATABASE_DIRECT_URL ?? values.LATCHKEY_DATABASE_URL,
    masterKey: values.LATCHKEY_MASTER_KEY,
    previousMasterKey: values.LATCHKEY_PREVIOUS_MASTER_KEY,
    signerSocket: values.LATCHKEY_SIGNER,
    deprecated: deprecation(values),
    applyFile: values.LATCHKEY_APPLY,
    logLevel: values.LATCHKEY_LOG_LEVEL ?? (production ? 'info' : 'warn'),
    support: values.LATCHKEY_SUPPORT,
    trustedProxies: values.LATCHKEY_TRUSTED_PROXIES ?? [],
    mtlsUrl: values.LATCHKEY_MTLS_URL,
    staleSeconds: values.LATCHKEY_STALE_SECONDS ?? 300,
    activityDays: values.LATCHKEY_ACTIVITY_DAYS ?? 30,
    addressDays: values.LATCHKEY_ADDRESS_DAYS ?? 30,
    tokenQuota: {
      perMinute: values.LATCHKEY_TOKEN_QUOTA ?? 120,
      mode: values.LATCHKEY_TOKEN_QUOTA_MODE ?? 'observe',
    },
    mail: {
      smtpUrl: values.LATCHKEY_SMTP_URL,
      from: values.LATCHKEY_MAIL_FROM ?? `Latchkey <latchkey@${new URL(publicUrl).hostname}>`,
    },
    redisUrl: values.LATCHKEY_REDIS_URL,
  }
}

/** What is known of the settings, for those who ask about one. */
export function describeSettings(env: Record<string, string | undefined> = process.env) {
  return {
    find: (name: string) => describeSetting(name, env),
    /** Those that have a value. */
    given: () => listGivenSettings(env),
  }
}

function defaultPublicUrl(host: string, port: number): string | undefined {
  if (!isLoopback(host)) return undefined
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`
}

type Values = Partial<SettingValues>

function missing(
  env: Record<string, string | undefined>,
  values: Values,
  production: boolean,
  publicUrl: string | undefined,
): string[] {
  // What is set but wrong was already reported; it is not missing.
  const unset = (name: keyof SettingValues) => !env[name] && !env[`${name}_FILE`]
  const errors: string[] = []
  if (publicUrl === undefined && unset('LATCHKEY_PUBLIC_URL')) {
    errors.push(
      'LATCHKEY_PUBLIC_URL is missing: with a LATCHKEY_HOST that is not loopback it must be set, e.g. https://api.example.',
    )
  }
  if (production && unset('LATCHKEY_PUBLIC_URL') && publicUrl !== undefined) {
    errors.push(
      'LATCHKEY_PUBLIC_URL is missing: production needs the https origin that callers use, e.g. https://api.example.',
    )
  }
  if (production && values.LATCHKEY_PUBLIC_URL?.startsWith('http:')) {
    errors.push(
      `LATCHKEY_PUBLIC_URL is "${values.LATCHKEY_PUBLIC_URL}". Allowed in production: an https origin.`,
    )
  }
  if ((production || values.LATCHKEY_DATABASE_URL) && unset('LATCHKEY_MASTER_KEY')) {
    const where = production ? 'production' : 'PostgreSQL'
    errors.push(
      `LATCHKEY_MASTER_KEY is missing: ${where} needs it, the same on every node. Make one with: openssl rand -hex 32`,
    )
  }
  if (values.LATCHKEY_DEPRECATED_HOSTS && unset('LATCHKEY_DEPRECATED_SINCE')) {
    errors.push(
      'LATCHKEY_DEPRECATED_SINCE is missing: it is required with LATCHKEY_DEPRECATED_HOSTS, a date YYYY-MM-DD.',
    )
  }
  if (values.LATCHKEY_MTLS_URL && unset('LATCHKEY_TRUSTED_PROXIES')) {
    errors.push(
      'LATCHKEY_TRUSTED_PROXIES is missing: with LATCHKEY_MTLS_URL it names the proxy whose Client-Cert header is believed.',
    )
  }
  if (values.LATCHKEY_SMTP_URL && unset('LATCHKEY_MAIL_FROM')) {
    errors.push(
      'LATCHKEY_MAIL_FROM is missing: with LATCHKEY_SMTP_URL it says from whom mail comes, e.g. Latchkey <no-reply@api.example>.',
    )
  }
  if (values.LATCHKEY_DATABASE_DIRECT_URL && unset('LATCHKEY_DATABASE_URL')) {
    errors.push('LATCHKEY_DATABASE_URL is missing: LATCHKEY_DATABASE_DIRECT_URL alone has no effect.')
  }
  return errors
}

function contradictions(values: Values, publicUrl: string | undefined): string[] {
  const errors: string[] = []
  const since = values.LATCHKEY_DEPRECATED_SINCE
  const sunset = values.LATCHKEY_DEPRECATED_SUNSET
  // RFC 9745 §4: the sunset is not before the deprecation.
  if (since !== undefined && sunset !== undefined && sunset < since) {
    errors.push('LATCHKEY_DEPRECATED_SUNSET is before LATCHKEY_DEPRECATED_SINCE. It must not be.')
  }
  const current = publicUrl && new URL(publicUrl).hostname
  if (current && values.LATCHKEY_DEPRECATED_HOSTS?.includes(current)) {
    errors.push(`LATCHKEY_DEPRECATED_HOSTS names "${current}", which is the host of LATCHKEY_PUBLIC_URL.`)
  }
  return errors
}

function deprecation(values: Values): Config['deprecated'] {
  if (!values.LATCHKEY_DEPRECATED_HOSTS || values.LATCHKEY_DEPRECATED_SINCE === undefined) return undefined
  return {
    hosts: values.LATCHKEY_DEPRECATED_HOSTS,
    sinceMs: values.LATCHKEY_DEPRECATED_SINCE,
    sunsetMs: values.LATCHKEY_DEPRECATED_SUNSET,
  }
}
