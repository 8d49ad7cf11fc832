import { readdirSync } from 'node:fs'
import { nameOfDay } from '../entry-id.ts'

/** What comes after the day in the name of a file: entries, and who called from where. */
export const endings = { entries: '.db', callers: '-callers.db' }

export function nameOfFile(day: number, ending: string): string {
  return nameOfDay(day) + ending
}

/** The names of all files of a kind, in no order; a folder that is not there yet has none. */
export function fileNames(folder: string, ending: string): string[] {
  const form = new RegExp(`^\\d{4}-\\d\\d-\\d\\d${ending.replaceAll('.', '\\.')}$`)
  try {
    return readdirSync(folder).filter((name) => form.test(name))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Whether there are files of days before. */
export function hasFilesBefore(folder: string, ending: string, day: number): boolean {
  const first = nameOfFile(day, ending)
  return fileNames(folder, ending).some((name) => name < first)
}
