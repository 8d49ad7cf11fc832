import { readFileSync } from 'node:fs'
import { closest } from 'fastest-levenshtein'
import { clientSettings, type SettingName, type SettingValues, settings } from './settings.ts'

type Environment = Record<string, string | undefined>

/**
 * Turns the environment into values: each setting from `NAME` or from the file that `NAME_FILE` names.
 * What is wrong goes into `errors`, all of it, and never with a secret's value.
 */
export function readSettings(env: Environment, errors: string[]): Partial<SettingValues> {
  errors.push(...unknownNames(env))
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(settings)) {
    const text = readText(name, env, errors)
    if (text === undefined) continue
    const value = setting.parse(text)
    if (value !== undefined) values[name] = value
    else errors.push(`${name} is ${shown(text, setting)}. Allowed: ${setting.allowed}.`)
  }
  return values as Partial<SettingValues>
}

function readText(name: string, env: Environment, errors: string[]): string | undefined {
  const direct = env[name] || undefined
  const file = env[`${name}_FILE`] || undefined
  if (direct !== undefined && file !== undefined) {
    errors.push(`${name} and ${name}_FILE are both set. Keep one of them.`)
    return undefined
  }
  if (file === undefined) return direct
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? error.code : 'unreadable'
    errors.push(`${name}_FILE names ${JSON.stringify(file)}, which cannot be read (${why}).`)
    return undefined
  }
}

function unknownNames(env: Environment): string[] {
  const known = [...Object.keys(settings), ...clientSettings]
  return Object.keys(env)
    .filter((name) => name.startsWith('LATCHKEY_') && !known.includes(name.replace(/_FILE$/, '')))
    .sort()
    .map((name) => `${name} is not a setting of Latchkey. Did you mean ${closest(name, known)}?`)
}

function shown(text: string, setting: { secret?: true }): string {
  if (setting.secret) return `a value of ${text.length} characters that is not allowed`
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
}

/** All settings, for the docs. */
export function settingNames(): SettingName[] {
  return Object.keys(settings) as SettingName[]
}
