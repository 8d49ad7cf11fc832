// One suite for every store of ours: what the SDK relies on.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileStore } from './file-store.ts'
import { memoryStore } from './memory-store.ts'
import type { TokenStore } from './token-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-store-'))
after(() => rmSync(folder, { recursive: true }))

const stores: [string, () => TokenStore][] = [
  ['memory', memoryStore],
  ['files', () => fileStore({ folder: join(folder, crypto.randomUUID()) })],
]

for (const [kind, open] of stores) {
  test(`${kind}: what was set is there until it is deleted`, async () => {
    const store = open()
    assert.equal(await store.get('a'), undefined)
    await store.delete('a')
    await store.set('a', 'one', 60_000)
    await store.set('a', 'two', 60_000)
    assert.deepEqual([await store.get('a'), await store.get('b')], ['two', undefined])
    await store.delete('a')
    assert.equal(await store.get('a'), undefined)
  })

  test(`${kind}: of many who want a lock at once, one has it`, async () => {
    const store = open()
    const wanted = Array.from({ length: 20 }, () => store.lock('a', 60_000))
    const [release, ...others] = (await Promise.all(wanted)).filter((lock) => lock !== undefined)
    assert.deepEqual(others, [])
    assert.ok(await store.lock('b', 60_000), 'the lock of another name is free')
    await release?.()
    assert.ok(await store.lock('a', 60_000))
  })

  test(`${kind}: a lock held for too long is free, and its old holder cannot free the new one`, async () => {
    const store = open()
    const old = await store.lock('a', 0)
    assert.ok(old)
    assert.ok(await store.lock('a', 60_000))
    await old()
    assert.equal(await store.lock('a', 60_000), undefined)
  })
}
