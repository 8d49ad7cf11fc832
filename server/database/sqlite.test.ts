import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { lockFolder } from './folder-lock.ts'
import { openSqlite, StorageError } from './sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-sqlite-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const hasStrace = spawnSync('strace', ['-V']).status === 0

/** Commits so often in a process of its own; @returns how many syncs the system saw. */
function countSyncs(commits: number, synchronous: 'FULL' | 'NORMAL'): number {
  const trace = join(folder, `trace-${synchronous}`)
  const script = `import { openSqlite } from '${new URL('./sqlite.ts', import.meta.url).pathname}'
    const db = openSqlite(process.argv[1], '${synchronous}')
    db.exec('create table t (id integer primary key) strict')
    for (let i = 0; i < ${commits}; i++) db.prepare('insert into t (id) values (?)').run(i)
    db.close()`
  const file = join(folder, `${synchronous}.db`)
  const args = [
    '-f',
    '-qq',
    '-e',
    'trace=fsync,fdatasync',
    '-o',
    trace,
    process.execPath,
    '--input-type=module-typescript',
    '-e',
    script,
    file,
  ]
  const { status, stderr } = spawnSync('strace', args, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => /f(data)?sync\(/.test(line)).length
}

test('every commit of the main database is synced to disk', {
  skip: !hasStrace && 'strace is not here',
}, () => {
  const commits = 40
  const full = countSyncs(commits, 'FULL')
  assert.ok(full >= commits, `${full} syncs for ${commits} commits`)
  // The counter can fail: without FULL it sees almost none.
  assert.ok(countSyncs(commits, 'NORMAL') < commits / 2)
})

test('each connection has the settings that durability needs', () => {
  const connection = openSqlite(join(folder, 'pragmas.db'))
  const read = (name: string) => connection.pragma(name, { simple: true })
  assert.deepEqual(
    [
      'journal_mode',
      'synchronous',
      'busy_timeout',
      'foreign_keys',
      'trusted_schema',
      'mmap_size',
      'cell_size_check',
    ].map(read),
    ['wal', 2, 5000, 1, 0, 0, 1],
  )
  connection.close()
})

test('a folder has one server: the second is refused with a sentence, and the next may come after the first', () => {
  const unlock = lockFolder(folder)
  assert.throws(
    () => lockFolder(folder),
    (error) => error instanceof StorageError && /Another Latchkey server is running/.test(error.message),
  )
  unlock()
  lockFolder(folder)()
})
