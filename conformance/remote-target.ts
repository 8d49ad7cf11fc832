// Any server at a base URL, described by a JSON file or by three environment variables.
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { discover } from './discovery.ts'
import { type OpenTarget, type TargetDescription, targetSchema } from './target.ts'

/** The base URL that `run.ts` was given; undefined: our own server is tested. */
export function remoteUrl(): string | undefined {
  return process.env.CONFORMANCE_URL || undefined
}

export async function openRemoteTarget(
  url: string,
  env: Record<string, string | undefined> = process.env,
): Promise<OpenTarget> {
  const description = readDescription(env)
  return {
    target: { ...description, ...(await discover(url)), now: Date.now },
    close: async () => undefined,
  }
}

/** @throws {Error} that says what is missing; a secret's value is never in it. */
export function readDescription(env: Record<string, string | undefined> = process.env): TargetDescription {
  if (env.CONFORMANCE_TARGET) return parseDescription(readFileSync(env.CONFORMANCE_TARGET, 'utf8'))
  const { CONFORMANCE_CLIENT_ID: clientId, CONFORMANCE_CLIENT_SECRET: clientSecret } = env
  if (!clientId || !clientSecret) {
    throw new Error(
      'Describe the target: CONFORMANCE_TARGET=FILE.json, or CONFORMANCE_CLIENT_ID, CONFORMANCE_CLIENT_SECRET and CONFORMANCE_SCOPES. See conformance/README.md.',
    )
  }
  const scopes = (env.CONFORMANCE_SCOPES ?? '').split(/[ ,]+/).filter((scope) => scope !== '')
  return { client: { clientId, clientSecret, scopes } }
}

export function parseDescription(text: string): TargetDescription {
  const description: unknown = JSON.parse(text)
  const validate = new Ajv({ allErrors: true }).compile<TargetDescription>(targetSchema)
  if (validate(description)) return description
  const errors = (validate.errors ?? []).map((error) => {
    const place = error.instancePath || 'the file'
    return `${place} ${error.message}${error.params.additionalProperty ? `: ${error.params.additionalProperty}` : ''}`
  })
  throw new Error(`The description of the target does not fit: ${errors.join('; ')}.`)
}
