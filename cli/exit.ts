// How the program ends: each way has its code, and a sentence that says what to do.
import { LatchkeyError, SettingsError, TokenRequestError } from '@latchkey/client'
import { CommanderError } from 'commander'

/** Documented in `latchkey --help` and docs/guides/command-line.md: scripts decide by them. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  authentication: 3,
  authorisation: 4,
  rateLimit: 5,
  server: 6,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

interface Facts {
  /** The code of the server's refusal, e.g. `insufficient_scope`. */
  code?: string | undefined
  requestId?: string | undefined
  /** Where it is mended. */
  fixUrl?: string | undefined
  /** More lines, e.g. which field of a form is wrong. */
  details?: readonly string[] | undefined
}

/** Why a command cannot go on: one sentence that says what to do, and how the program ends. */
export class CliError extends Error {
  readonly exitCode: ExitCode
  readonly facts: Facts

  constructor(exitCode: ExitCode, message: string, facts: Facts = {}) {
    super(message)
    this.exitCode = exitCode
    this.facts = facts
  }
}

/** The command was called in a way that makes no sense. */
export function usageError(message: string): CliError {
  return new CliError(exitCodes.usage, message)
}

/** The class of an HTTP status. */
export function exitCodeOf(status: number | undefined): ExitCode {
  if (status === 401) return exitCodes.authentication
  if (status === 403) return exitCodes.authorisation
  if (status === 429) return exitCodes.rateLimit
  // No answer at all, or one that says that the server cannot.
  return status === undefined || status >= 500 ? exitCodes.server : exitCodes.failed
}

/** Any error as one that can be shown. What is not ours is named by its kind alone: it may hold a secret. */
export function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error
  if (error instanceof SettingsError)
    return new CliError(exitCodes.usage, 'The settings are not complete.', { details: error.problems })
  if (error instanceof TokenRequestError) return tokenError(error)
  if (error instanceof LatchkeyError) return new CliError(exitCodes.failed, error.message)
  const isKnown = error instanceof Error && 'code' in error && typeof error.code === 'string'
  const kind = isKnown ? error.code : error instanceof Error ? error.name : typeof error
  return new CliError(exitCodes.failed, `The command failed unexpectedly (${kind}).`)
}

function tokenError(error: TokenRequestError): CliError {
  const { status, error: code, errorUri, requestId } = error
  // RFC 6749 §5.2 answers 400 where the client may not have what it asks for.
  const mayNot = code === 'invalid_scope' || code === 'unauthorized_client'
  const exitCode = mayNot ? exitCodes.authorisation : exitCodeOf(status)
  return new CliError(exitCode, `No access token: ${error.description}`, {
    code,
    requestId,
    fixUrl: errorUri,
  })
}

/** What commander says of a call that it cannot read: it has printed it itself. */
export function exitCodeOfCommander(error: CommanderError): ExitCode {
  return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
}

export { CommanderError }
