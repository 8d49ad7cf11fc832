// What a setting is for and where it has its value from. A secret's value is never in it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { closest } from 'fastest-levenshtein'
import { type SettingName, settings } from './settings.ts'

type Environment = Record<string, string | undefined>

export interface SettingDescription {
  name: SettingName
  /** What it sets, by docs/reference/settings.md. */
  sets: string
  allowed: string
  default: string
  /** Where its value comes from. */
  from: 'the environment' | 'a file' | 'nowhere: the default counts'
  /** The value as it was given; undefined: none, or a secret. */
  value: string | undefined
  secret: boolean
}

/** The setting of a name. @returns the nearest name when there is none. */
export function describeSetting(name: string, env: Environment): SettingDescription | { nearest: string } {
  const plain = `LATCHKEY_${name.toUpperCase().replace(/^LATCHKEY_|_FILE$/g, '')}`
  const known = Object.keys(settings).find((key): key is SettingName => key === plain)
  if (known === undefined) return { nearest: closest(plain, Object.keys(settings)) }
  const { allowed, secret = false }: { allowed: string; secret?: boolean } = settings[known]
  const file = env[`${known}_FILE`]
  const given = env[known]
  const [, byDefault = '–', sets = ''] = rowOf(known)
  return {
    name: known,
    sets,
    allowed,
    default: byDefault,
    from: given ? 'the environment' : file ? 'a file' : 'nowhere: the default counts',
    value: secret ? undefined : (given ?? (file ? `in ${file}` : undefined)),
    secret,
  }
}

/** The settings that have a value, by name, and from where. */
export function listGivenSettings(env: Environment): SettingDescription[] {
  return Object.keys(settings).flatMap((name) => {
    const found = describeSetting(name, env)
    return 'nearest' in found || found.from.startsWith('nowhere') ? [] : [found]
  })
}

/** The cells of its row in the table of the documentation: the one place that explains it. */
function rowOf(name: SettingName): string[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/reference/settings.md'), 'utf8')
  const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? ''
  const cells = row.split('|').slice(1, -1)
  return cells.map((cell) =>
    cell
      .trim()
      .replaceAll('`', '')
      .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1'),
  )
}
