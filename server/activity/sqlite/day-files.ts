// The files of the days: opened when they are needed, closed when nobody reads them, dropped whole.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { migrateFile } from '../../database/migrate-file.ts'
import type { Migration } from '../../database/migration.ts'
import { openSqlite } from '../../database/sqlite.ts'
import { fileNames, nameOfFile } from './file-names.ts'

export type Connection = ReturnType<typeof openSqlite>

/** An open file with its statements, prepared once. */
export interface DayFile<Statements> {
  connection: Connection
  statements: Statements
}

export interface DayFiles<Statements> {
  /** Made when it is not there. */
  open: (day: number) => DayFile<Statements>
  /** Undefined when there is none. */
  find: (day: number) => DayFile<Statements> | undefined
  /** Removes the files of the days before. */
  drop: (beforeDay: number) => void
  /** Lets go of what was not asked for since the last time, so that a look at old days costs no memory for long. */
  rest: () => void
  close: () => void
}

export interface DayFileKind<Statements> {
  /** What comes after the day in the name of the file. */
  ending: string
  migrations: readonly Migration[]
  prepare: (connection: Connection) => Statements
}

export function openDayFiles<Statements>(
  folder: string,
  { ending, migrations, prepare }: DayFileKind<Statements>,
): DayFiles<Statements> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const there = new Set(fileNames(folder, ending))
  const opened = new Map<string, DayFile<Statements> & { asked: boolean }>()
  const nameOf = (day: number) => nameOfFile(day, ending)

  function open(day: number): DayFile<Statements> {
    const name = nameOf(day)
    const found = opened.get(name)
    if (found) {
      found.asked = true
      return found
    }
    const connection = openSqlite(join(folder, name), 'NORMAL')
    try {
      // There may be many of them.
      connection.pragma('cache_size = -4096')
      migrateFile(connection, migrations, Date.now())
      const file = { connection, statements: prepare(connection), asked: true }
      opened.set(name, file)
      there.add(name)
      return file
    } catch (error) {
      connection.close()
      throw error
    }
  }

  function close(name: string): void {
    opened.get(name)?.connection.close()
    opened.delete(name)
  }

  return {
    open,
    find: (day) => (there.has(nameOf(day)) ? open(day) : undefined),
    drop(beforeDay) {
      const first = nameOf(beforeDay)
      for (const name of there) {
        if (name >= first) continue
        close(name)
        for (const part of ['', '-wal', '-shm']) rmSync(join(folder, name + part), { force: true })
        there.delete(name)
      }
    },
    rest() {
      for (const [name, file] of opened) {
        if (!file.asked) close(name)
        file.asked = false
      }
    },
    close() {
      for (const name of [...opened.keys()]) close(name)
    },
  }
}
