// Where Latchkey is and as whom to call: flags, then the environment, then a profile.
import { join } from 'node:path'
import type { ClientOptions } from '@latchkey/client'
import { CliError, exitCodes, usageError } from './exit.ts'
import { configFolder, readIfThere } from './private-file.ts'

/** A named set of settings in `profiles.json`. It names the file of a secret, never the secret. */
export interface Profile {
  url?: string
  clientId?: string
  clientSecretFile?: string
  scopes?: string[]
}

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

const local = 'http://127.0.0.1:3000'
const members = ['url', 'clientId', 'clientSecretFile', 'scopes']

/** The file of the profiles. */
export function profilesFile(): string {
  return join(configFolder(), 'profiles.json')
}

/** @throws {CliError} for a profile that does not exist or cannot be read. */
export function readCallerSettings(choice: Choice, env: NodeJS.ProcessEnv = process.env): CallerSettings {
  // A profile that was named for this call is meant: no variable that happens to be set takes its place.
  const named = choice.profile !== undefined
  const profile = findProfile(choice.profile ?? (env.LATCHKEY_PROFILE || undefined))
  const pick = (variable: string, own: string | undefined) => {
    const set = env[variable] || undefined
    return named ? (own ?? set) : (set ?? own)
  }
  const url = originOf(choice.url ?? pick('LATCHKEY_URL', profile.url) ?? local)
  const clientId = pick('LATCHKEY_CLIENT_ID', profile.clientId)
  const inEnvironment = env.LATCHKEY_CLIENT_SECRET || env.LATCHKEY_CLIENT_SECRET_FILE
  const file = named || !inEnvironment ? profile.clientSecretFile : undefined
  const scopes = pick('LATCHKEY_SCOPES', profile.scopes?.join(' '))
  return {
    url,
    client: {
      url,
      clientId,
      ...(file !== undefined && { clientSecret: () => readSecret(file) }),
      ...(scopes !== undefined && { scopes: scopes.split(/\s+/) }),
    },
  }
}

/** Whether client credentials are set at all. */
export function hasCredentials({ client }: CallerSettings, env: NodeJS.ProcessEnv = process.env): boolean {
  const secret = client.clientSecret ?? (env.LATCHKEY_CLIENT_SECRET || env.LATCHKEY_CLIENT_SECRET_FILE)
  return Boolean(client.clientId && secret)
}

function findProfile(name: string | undefined): Profile {
  if (name === undefined) return {}
  const file = profilesFile()
  const profiles = readProfiles(file)
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (profile === undefined) {
    const names = Object.keys(profiles)
    const known = names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}.`
    throw usageError(`There is no profile ${JSON.stringify(name)} in ${file}. ${known}`)
  }
  return readProfile(profile, name, file)
}

function readProfiles(file: string): Record<string, unknown> {
  const text = readIfThere(file)
  if (text === undefined) return {}
  const value = parseJson(text)
  if (!isRecord(value)) throw usageError(`${file} is not a JSON object of profiles by their names.`)
  return value
}

function readProfile(value: unknown, name: string, file: string): Profile {
  const at = `The profile ${JSON.stringify(name)} in ${file}`
  if (!isRecord(value)) throw usageError(`${at} is not an object.`)
  const unknown = Object.keys(value).find((member) => !members.includes(member))
  if (unknown === 'clientSecret')
    throw usageError(`${at} holds a secret. Put it into a file of its own and name that: clientSecretFile.`)
  if (unknown !== undefined) throw usageError(`${at} has ${unknown}; it may have ${members.join(', ')}.`)
  const text = (member: string) => {
    const found = value[member]
    if (found === undefined || typeof found === 'string') return found
    throw usageError(`${at}: ${member} must be a text.`)
  }
  const { scopes } = value
  const isList = Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string')
  if (scopes !== undefined && !isList) throw usageError(`${at}: scopes must be a list of names.`)
  const [url, clientId, clientSecretFile] = [text('url'), text('clientId'), text('clientSecretFile')]
  return {
    ...(url !== undefined && { url }),
    ...(clientId !== undefined && { clientId }),
    ...(clientSecretFile !== undefined && { clientSecretFile }),
    ...(isList && { scopes }),
  }
}

function readSecret(file: string): string {
  const secret = readIfThere(file)?.trim()
  if (!secret) throw new CliError(exitCodes.usage, `${file}, which clientSecretFile names, holds no secret.`)
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An object with members. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
