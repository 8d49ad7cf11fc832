import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createWorld } from './testing/world.ts'
import { localMasterKey, openVault, sharedSecret, VaultError } from './vault.ts'

const vault = openVault(Buffer.alloc(32, 1))

test('what was wrapped comes back, and never twice the same', () => {
  const plain = Buffer.from('a private key')
  assert.deepEqual(vault.unwrap('key-1', vault.wrap('key-1', plain)), plain)
  assert.notEqual(vault.wrap('key-1', plain), vault.wrap('key-1', plain))
  assert.doesNotMatch(vault.wrap('key-1', plain), /private/)
})

test('one wrapped key cannot be passed off as another, nor be changed', () => {
  const wrapped = vault.wrap('key-1', Buffer.from('a private key'))
  assert.throws(() => vault.unwrap('key-2', wrapped), VaultError)
  const parts = wrapped.split('.')
  parts[3] = Buffer.from('other bytes!!').toString('base64url')
  assert.throws(() => vault.unwrap('key-1', parts.join('.')), VaultError)
  assert.throws(() => vault.unwrap('key-1', 'nonsense'), /damaged/)
})

test('another master key is named as the cause', () => {
  const wrapped = openVault(Buffer.alloc(32, 2)).wrap('key-1', Buffer.from('x'))
  assert.throws(() => vault.unwrap('key-1', wrapped), /another master key .* Set LATCHKEY_MASTER_KEY/)
})

test('the local master key is made once, readable by its owner only, and never replaced', () => {
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-vault-'))
  const key = localMasterKey(dir, true)
  assert.deepEqual(localMasterKey(dir, false), key)
  assert.equal(statSync(join(dir, 'master.key')).mode & 0o777, 0o600)
  rmSync(join(dir, 'master.key'))
  assert.throws(() => localMasterKey(dir, false), /is gone/)
})

test('two that ask for a shared secret at once get the same one', async () => {
  const world = await createWorld()
  const secrets = await Promise.all([1, 2, 3].map(() => sharedSecret(world.database.db, vault, 'trial', 0)))
  assert.deepEqual(new Set(secrets.map((secret) => secret.toString('hex'))).size, 1)
  await world.close()
})
