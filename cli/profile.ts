// Where Latchkey is and as whom to call: flags, the environment, and a profile, by the rules of the SDK.
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { ClientOptions } from '@latchkey/client'
import { usageError } from './exit.ts'
import { configFolder, readIfThere } from './private-file.ts'

/** What a command works with. */
export interface CallerSettings {
  url: string
  /** What `createClient` of the SDK takes; it says itself what is missing. */
  client: ClientOptions
}

interface Choice {
  profile?: string | undefined
  url?: string | undefined
}

type Variables = Record<string, string | undefined>

const local = 'http://127.0.0.1:3000'

/** @throws {CliError} for a profile that does not exist, or says otherwise than the environment. */
export function readCallerSettings(choice: Choice, env: Variables = process.env): CallerSettings {
  const profile = choice.profile ?? (env.LATCHKEY_PROFILE || undefined)
  const variables = withProfile(env, profile)
  const url = originOf(choice.url ?? (variables.LATCHKEY_URL || local))
  const scopes = variables.LATCHKEY_SCOPES || undefined
  return {
    url,
    client: {
      url,
      clientId: variables.LATCHKEY_CLIENT_ID,
      clientSecret: secretOf(variables),
      ...(profile !== undefined && { profile }),
      ...(scopes !== undefined && { scopes: scopes.split(/\s+/) }),
    },
  }
}

/** Whether client credentials are set at all. */
export function hasCredentials({ client }: CallerSettings): boolean {
  return Boolean(client.clientId && client.clientSecret)
}

/** A variable that both have must be the same in both: neither wins in silence. */
function withProfile(env: Variables, name: string | undefined): Variables {
  if (name === undefined) return env
  if (!/^[\w-]+$/.test(name))
    throw usageError(`The profile ${JSON.stringify(name)} is not a name: letters, digits, - and _.`)
  const file = join(configFolder(), `${name}.env`)
  const text = readIfThere(file)
  if (text === undefined) throw usageError(`There is no profile ${name}: ${file} does not exist.`)
  const entries = Object.entries(parseEnv(text)).filter(([key]) => key.startsWith('LATCHKEY_'))
  const other = entries.find(([key, value]) => env[key] && env[key] !== value)
  if (other)
    throw usageError(`${other[0]} is set, and the profile ${name} has another one: keep one of them.`)
  return { ...env, ...Object.fromEntries(entries) }
}

function secretOf({ LATCHKEY_CLIENT_SECRET: secret, LATCHKEY_CLIENT_SECRET_FILE: file }: Variables) {
  if (secret && file)
    throw usageError('LATCHKEY_CLIENT_SECRET and LATCHKEY_CLIENT_SECRET_FILE are both set: keep one of them.')
  return file ? () => readSecret(file) : secret || undefined
}

function readSecret(file: string): string {
  const secret = readIfThere(file)?.trim()
  if (!secret) throw usageError(`${file}, which LATCHKEY_CLIENT_SECRET_FILE names, holds no secret.`)
  return secret
}

/** The session and tokens are sent there: an origin, https except on this machine. */
function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isBare = url && `${url.origin}/` === url.href && /^https?:$/.test(url.protocol)
  if (!url || !isBare)
    throw usageError('The URL of Latchkey is an origin without path, like https://api.example.')
  const isHere = /^(?:.+\.)?localhost$|^127(?:\.\d+){3}$|^\[::1\]$/.test(url.hostname)
  if (url.protocol === 'http:' && !isHere)
    throw usageError(
      'The URL of Latchkey must begin with https: over http everything could be read on the way.',
    )
  return url.origin
}
