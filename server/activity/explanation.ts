// One entry in words: what happened, why, what to do, and how to send it again.
import { Type } from 'typebox'
import type { Owner } from '../vocabulary/owner.ts'
import { curlOf } from './curl.ts'
import type { ActivityEntry } from './entry.ts'
import { scopesOf } from './entry-schema.ts'

export const explanationSchema = {
  whatHappened: Type.String(),
  why: Type.Union([Type.String(), Type.Null()], {
    description: 'Null: it was granted, and there is nothing to say.',
  }),
  fix: Type.Union([
    Type.Object({
      steps: Type.Array(Type.String()),
      docsUrl: Type.String(),
      editUrl: Type.Union([Type.String(), Type.Null()], {
        description: 'Where the client is edited, with the scope that is missing picked out.',
      }),
      missingScopes: Type.Array(Type.String(), { description: 'Those that the client does not have.' }),
    }),
    Type.Null(),
  ]),
  curl: Type.String({
    description: 'The same request as a command. Secrets, tokens and ids are placeholders in capitals.',
  }),
}

export interface ExplanationOptions {
  publicUrl: string
  /** What to do about a code of a refusal. */
  findMend: (code: string) => readonly string[] | undefined
  /** The scopes of a client; undefined: there is none in this account and environment. */
  findScopes: (owner: Owner, clientId: string) => Promise<readonly string[] | undefined>
  isScope: (name: string) => boolean
}

export interface Explanation {
  whatHappened: string
  why: string | null
  fix: { steps: string[]; docsUrl: string; editUrl: string | null; missingScopes: string[] } | null
  curl: string
}

export type Explain = (entry: ActivityEntry) => Promise<Explanation>

export function createExplanation(options: ExplanationOptions): Explain {
  return async (entry) => ({
    whatHappened: whatHappened(entry),
    why: entry.reason === null ? null : withOrigin(entry.reason, entry),
    fix: entry.error === null ? null : await fixOf(entry, entry.error, options),
    curl: curlOf(entry, options.publicUrl),
  })
}

function whatHappened({ kind, operation, status, error, durationMs, clientId, at }: ActivityEntry): string {
  const called = operation.replace(/^forward-auth (.+)$/, '$1 through a proxy')
  const what = kind === 'token_request' ? 'A token request' : `A call of ${called}`
  const who = clientId === null ? 'by nobody that we know' : `in the name of ${clientId}`
  const result = error === null ? `was answered ${status}` : `was refused with ${status} ${error}`
  return `${what} ${who} ${result} on ${new Date(at).toISOString()}, after ${durationMs} ms.`
}

/** The address is not part of the stored reason: it is cut earlier than the entry. */
function withOrigin(reason: string, { error, address }: ActivityEntry): string {
  return error === null || address === null ? reason : `${reason} The request came from ${address}.`
}

const scopeErrors = ['invalid_scope', 'insufficient_scope']

async function fixOf(entry: ActivityEntry, error: string, options: ExplanationOptions) {
  const { publicUrl, findMend } = options
  const missingScopes = scopeErrors.includes(error) ? await findMissing(entry, options) : []
  const [missing] = missingScopes
  const { environment, clientId } = entry
  const editUrl =
    missing === undefined || environment === null || clientId === null
      ? null
      : `${publicUrl}/${environment}/account/api-clients/${encodeURIComponent(clientId)}/edit?advanced=1&scope=${encodeURIComponent(missing)}#scopes`
  const steps = findMend(error)
  return {
    steps: [...(steps ?? ['Do what the detail of the answer says.'])],
    docsUrl: steps === undefined ? `${publicUrl}/docs` : `${publicUrl}/docs/errors/${error}`,
    editUrl,
    missingScopes,
  }
}

async function findMissing(
  entry: ActivityEntry,
  { findScopes, isScope }: ExplanationOptions,
): Promise<string[]> {
  const { accountId, environment, clientId, requiredScope } = entry
  if (accountId === null || environment === null || clientId === null) return []
  const granted = await findScopes({ accountId, environment }, clientId)
  const needed = requiredScope === null ? scopesOf(entry) : [requiredScope]
  return granted ? needed.filter((scope) => isScope(scope) && !granted.includes(scope)) : []
}
