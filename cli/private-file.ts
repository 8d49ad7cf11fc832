// Files that only their owner reads: sessions, secrets.
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { usageError } from './exit.ts'

/** The user's own folder of the command line: profiles and sessions. */
export function configFolder(): string {
  const { APPDATA, XDG_CONFIG_HOME } = process.env
  const base = process.platform === 'win32' ? APPDATA : XDG_CONFIG_HOME
  return join(base || join(homedir(), '.config'), 'latchkey')
}

/** The text of a file; undefined when there is none. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw usageError(`${file} cannot be read (${codeOf(error)}).`)
  }
}

/** Writes a whole file or none: readable by its owner alone, put in the place of what was there. */
export function replacePrivateFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const fresh = `${file}.${randomBytes(6).toString('hex')}`
  try {
    writeNew(fresh, text)
    renameSync(fresh, file)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}

/** Writes a file that must not be there yet. @throws {CliError} when it is, or cannot be made. */
export function writePrivateFile(file: string, text: string): void {
  try {
    writeNew(file, text)
  } catch (error) {
    throw cannotMake(file, error)
  }
}

/** Takes the place of a file before what it is to hold is known. @throws {CliError} when something is there. */
export function reserveFile(file: string): void {
  writePrivateFile(file, '')
}

function cannotMake(file: string, error: unknown) {
  return codeOf(error) === 'EEXIST'
    ? usageError(`${file} is there already, and is never written over. Name a new file, or move it away.`)
    : usageError(`${file} cannot be made (${codeOf(error)}).`)
}

function writeNew(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
}
