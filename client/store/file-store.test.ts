import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileStore } from './file-store.ts'

const base = mkdtempSync(join(tmpdir(), 'latchkey-store-'))
after(() => rmSync(base, { recursive: true }))
const newFolder = () => join(base, crypto.randomUUID())

test('folder and files are for this user alone, and nothing is left beside them', async () => {
  const folder = newFolder()
  const store = fileStore({ folder })
  await store.set('a', 'one', 60_000)
  await store.set('a', 'two', 60_000)
  const release = await store.lock('a', 60_000)
  const mode = (path: string) => statSync(path).mode & 0o777
  const modes = [mode(folder), mode(join(folder, 'a.token')), mode(join(folder, 'a.lock'))]
  assert.deepEqual(modes, [0o700, 0o600, 0o600])
  await release?.()
  assert.deepEqual(readdirSync(folder), ['a.token'])
})

test('a reader never sees half of a value', async () => {
  const store = fileStore({ folder: newFolder() })
  const values = ['a'.repeat(100_000), 'b'.repeat(100_000)]
  await store.set('a', 'a'.repeat(100_000), 60_000)
  for (let round = 0; round < 50; round += 1) {
    const writing = store.set('a', values[round % 2] ?? '', 60_000)
    for (let read = 0; read < 4; read += 1) assert.ok(values.includes((await store.get('a')) ?? ''))
    await writing
  }
})

const dead = spawnSync(process.execPath, ['-e', '']).pid
const untilMs = Date.now() + 60_000
for (const [name, content, free] of [
  ['a process that died', { processId: dead, host: hostname(), untilMs }, true],
  ['a process that lives', { processId: process.pid, host: hostname(), untilMs }, false],
  ['another machine', { processId: dead, host: 'elsewhere', untilMs }, false],
  ['another machine, long ago', { processId: dead, host: 'elsewhere', untilMs: 1 }, true],
  ['nobody knows whom', 'broken', true],
] as const) {
  test(`a lock of ${name} is ${free ? '' : 'not '}taken over, by one`, async () => {
    const folder = newFolder()
    const store = fileStore({ folder })
    await store.set('a', 'one', 60_000)
    writeFileSync(join(folder, 'a.lock'), JSON.stringify(content))
    const locks = await Promise.all(Array.from({ length: 10 }, () => store.lock('a', 60_000)))
    assert.equal(locks.filter((lock) => lock !== undefined).length, free ? 1 : 0)
  })
}

/** As the seal makes them. */
const [oldName, newName] = ['a'.repeat(32), 'b'.repeat(32)]

test('what nobody has written for a week is removed', async () => {
  const folder = newFolder()
  const store = fileStore({ folder })
  await store.set(oldName, 'one', 60_000)
  const left = [`${oldName}.token`, `${oldName}.lock`, `${oldName}.lock.${crypto.randomUUID()}.draft`]
  for (const name of left) {
    writeFileSync(join(folder, name), '')
    utimesSync(join(folder, name), 1, 1)
  }
  await store.set(newName, 'two', 60_000)
  assert.deepEqual(readdirSync(folder), [`${newName}.token`])
})

test('in a folder of others it touches nothing that is not its own', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'project'), { recursive: true })
  const theirs = ['important.db', 'github.token', `${oldName}.txt`, 'project']
  for (const name of theirs) {
    if (name !== 'project') writeFileSync(join(folder, name), 'kept')
    utimesSync(join(folder, name), 1, 1)
  }
  // A name like its own that it cannot remove.
  mkdirSync(join(folder, `${newName}.lock`))
  utimesSync(join(folder, `${newName}.lock`), 1, 1)
  const store = fileStore({ folder })
  await store.set(oldName, 'one', 60_000)
  assert.equal(await store.get(oldName), 'one')
  await store.clear()
  assert.deepEqual(readdirSync(folder).sort(), [...theirs, `${newName}.lock`].sort())
})

test('clear forgets the tokens', async () => {
  const store = fileStore({ folder: newFolder() })
  await store.clear()
  await store.set(oldName, 'one', 60_000)
  await store.clear()
  assert.equal(await store.get(oldName), undefined)
})

test('a folder that cannot be made is an error of each operation, not of the making', async () => {
  const file = join(base, 'file')
  writeFileSync(file, '')
  const store = fileStore({ folder: join(file, 'folder') })
  await assert.rejects(store.set('a', 'one', 60_000), { code: 'ENOTDIR' })
  await assert.rejects(store.lock('a', 60_000), { code: 'ENOTDIR' })
  assert.equal(readFileSync(file, 'utf8'), '')
})
