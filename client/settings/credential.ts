import { LatchkeyError, SettingsError } from '../errors.ts'
import type { Runtime } from '../runtime.ts'
import { sha256, toHex, utf8 } from '../text/encoding.ts'
import { basicCredentials, formEncode } from '../text/form-encoding.ts'
import type { SecretMethod, SecretSource } from './options.ts'
import { type Secret, wrapSecret } from './secret.ts'

/** What a token request proves who the client is with (RFC 6749 §2.3). */
export interface Proof {
  headers?: Readonly<Record<string, string>>
  parameters?: Readonly<Record<string, string>>
  /** Masked wherever others repeat them. */
  hidden: readonly string[]
}

/** The token request that a proof is for. */
export interface ProofRequest {
  clientId: string
  /** The authorization server's name (RFC 8414). */
  issuer: string
  /** The wall clock in milliseconds. */
  nowMs: number
}

/** A credential as it is now. */
export interface Credential {
  /** Tells it from others without revealing it. */
  fingerprint: string
  prove: (request: ProofRequest) => Promise<Proof>
  /** What only its holder knows, to derive keys from; undefined when it cannot be had. */
  keyMaterial: () => Promise<Uint8Array<ArrayBuffer> | undefined>
}

/** A way to authenticate without a secret: `privateKeyJwt` makes one. */
export interface ClientAuthentication {
  /** Reads the credential from where it is kept. Called again after `invalid_client`. */
  read: () => Promise<Credential>
}

/** Where the secret comes from, once it is known that there is exactly one place. */
export type CredentialSource =
  | { value: SecretSource }
  | { file: string }
  | { variable: string }
  | ClientAuthentication

/**
 * Reads the credential from where it is kept now.
 * @throws {SettingsError} when there is none.
 */
export async function readCredential(
  source: CredentialSource,
  method: SecretMethod,
  runtime: Runtime,
): Promise<Credential> {
  if ('read' in source) return source.read()
  const text = await readText(source, runtime)
  if (!text) throw new SettingsError([`The client secret is empty${placeOf(source)}.`])
  const secret = wrapSecret(text)
  return {
    fingerprint: toHex(await sha256(text)),
    prove: async ({ clientId }) => proveBySecret(clientId, secret, method),
    keyMaterial: async () => utf8(secret.reveal()),
  }
}

function proveBySecret(clientId: string, secret: Secret, method: SecretMethod): Proof {
  const text = secret.reveal()
  const credentials = basicCredentials(clientId, text)
  const hidden = [credentials, formEncode(text), text]
  return method === 'client_secret_basic'
    ? { headers: { authorization: `Basic ${credentials}` }, hidden }
    : { parameters: { client_id: clientId, client_secret: text }, hidden }
}

type SecretPlace = Exclude<CredentialSource, ClientAuthentication>

async function readText(source: SecretPlace, runtime: Runtime): Promise<string | undefined> {
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

function placeOf(source: SecretPlace): string {
  if ('variable' in source) return `: set ${source.variable}`
  return 'file' in source ? `: write it to ${source.file}` : ': the clientSecret function returned nothing'
}
