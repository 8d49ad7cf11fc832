import { LatchkeyError, SettingsError } from '../errors.ts'
import type { Runtime } from '../runtime.ts'
import { type Secret, wrapSecret } from './secret.ts'
import type { CredentialSource, SecretSource } from './settings.ts'

/** A secret and what tells it from others without revealing it. */
export interface Credential {
  secret: Secret
  fingerprint: string
}

/**
 * Reads the secret from where it is kept now.
 * @throws {SettingsError} when there is none.
 */
export async function readCredential(source: CredentialSource, runtime: Runtime): Promise<Credential> {
  const text = await readText(source, runtime)
  if (!text) throw new SettingsError([`The client secret is empty${placeOf(source)}.`])
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const fingerprint = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  )
  return { secret: wrapSecret(text), fingerprint }
}

async function readText(source: CredentialSource, runtime: Runtime): Promise<string | undefined> {
  if ('value' in source) return typeof source.value === 'string' ? source.value : callFunction(source.value)
  if ('variable' in source) return runtime.variables()[source.variable]
  try {
    // Editors and `echo` end a file with a line break that is no part of the secret.
    return (await runtime.readFile(source.file)).replace(/\r?\n$/, '')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw new SettingsError([
      `LATCHKEY_CLIENT_SECRET_FILE names ${source.file}, which cannot be read${code}.`,
    ])
  }
}

async function callFunction(get: Exclude<SecretSource, string>): Promise<string> {
  const text: unknown = await get()
  if (typeof text !== 'string') throw new LatchkeyError('The clientSecret function must return a string.')
  return text
}

function placeOf(source: CredentialSource): string {
  if ('variable' in source) return `: set ${source.variable}`
  return 'file' in source ? `: write it to ${source.file}` : ': the clientSecret function returned nothing'
}
