import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { settingNames } from './config/read-settings.ts'
import { ConfigError, readConfig } from './config.ts'

const key = 'k'.repeat(43)

function errorsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.errors
  }
}

test('without any setting it is a loopback server on port 3000 with an embedded database', () => {
  const config = readConfig({})
  assert.equal(config.publicUrl, 'http://127.0.0.1:3000')
  assert.deepEqual([config.loopback, config.databaseUrl, config.staleSeconds], [true, undefined, 300])
})

for (const [name, env, pattern] of [
  [
    'a port that is none',
    { LATCHKEY_PORT: '70000' },
    /^LATCHKEY_PORT is "70000"\. Allowed: a whole number from 0 to 65535\.$/,
  ],
  [
    'a public URL with a path',
    { LATCHKEY_PUBLIC_URL: 'https://api.example/x' },
    /LATCHKEY_PUBLIC_URL is "https:\/\/api.example\/x"/,
  ],
  [
    'plain http beyond loopback',
    { LATCHKEY_PUBLIC_URL: 'http://api.example' },
    /http only on a loopback host/,
  ],
  ['an open address without a public URL', { LATCHKEY_HOST: '0.0.0.0' }, /LATCHKEY_PUBLIC_URL is missing/],
  [
    'a database of another kind',
    { LATCHKEY_DATABASE_URL: 'mysql://u:canary@h/d', LATCHKEY_MASTER_KEY: key },
    /LATCHKEY_DATABASE_URL is a value of 20 characters/,
  ],
  [
    'PostgreSQL without master key',
    { LATCHKEY_DATABASE_URL: 'postgres://h/d' },
    /LATCHKEY_MASTER_KEY is missing: PostgreSQL needs it/,
  ],
  [
    'a previous master key too short',
    { LATCHKEY_PREVIOUS_MASTER_KEY: 'canary' },
    /LATCHKEY_PREVIOUS_MASTER_KEY is a value of 6 characters/,
  ],
  ['a signer over TCP', { LATCHKEY_SIGNER: 'tcp://127.0.0.1:1' }, /LATCHKEY_SIGNER is "tcp.*unix:\/\//],
  ['a signer at a relative path', { LATCHKEY_SIGNER: 'unix://run/signer.sock' }, /LATCHKEY_SIGNER is "unix/],
  [
    'a master key too short',
    { LATCHKEY_MASTER_KEY: 'canary' },
    /LATCHKEY_MASTER_KEY is a value of 6 characters/,
  ],
  [
    'deprecated hosts without a date',
    { LATCHKEY_DEPRECATED_HOSTS: 'old.example' },
    /LATCHKEY_DEPRECATED_SINCE is missing/,
  ],
  [
    'a date that does not exist',
    { LATCHKEY_DEPRECATED_HOSTS: 'old.example', LATCHKEY_DEPRECATED_SINCE: '2026-02-30' },
    /a date YYYY-MM-DD/,
  ],
  [
    'a sunset before the deprecation',
    {
      LATCHKEY_DEPRECATED_HOSTS: 'old.example',
      LATCHKEY_DEPRECATED_SINCE: '2026-02-01',
      LATCHKEY_DEPRECATED_SUNSET: '2026-01-01',
    },
    /is before LATCHKEY_DEPRECATED_SINCE/,
  ],
  [
    'a proxy that is no address',
    { LATCHKEY_TRUSTED_PROXIES: 'proxy.example' },
    /IP addresses or CIDR ranges/,
  ],
  [
    'a misspelt name',
    { LATCHKEY_PROT: '1' },
    /^LATCHKEY_PROT is not a setting of Latchkey\. Did you mean LATCHKEY_PORT\?$/,
  ],
  [
    'both forms of a secret',
    { LATCHKEY_MASTER_KEY: key, LATCHKEY_MASTER_KEY_FILE: '/x' },
    /LATCHKEY_MASTER_KEY and LATCHKEY_MASTER_KEY_FILE are both set/,
  ],
  [
    'a file that is not there',
    { LATCHKEY_PORT_FILE: '/nowhere' },
    /LATCHKEY_PORT_FILE names "\/nowhere", which cannot be read \(ENOENT\)/,
  ],
  [
    'production without a public URL',
    { NODE_ENV: 'production', LATCHKEY_MASTER_KEY: key },
    /production needs the https origin/,
  ],
  [
    'production over plain http',
    { NODE_ENV: 'production', LATCHKEY_MASTER_KEY: key, LATCHKEY_PUBLIC_URL: 'http://127.0.0.1:3000' },
    /Allowed in production: an https origin/,
  ],
  [
    'production without master key',
    { NODE_ENV: 'production', LATCHKEY_PUBLIC_URL: 'https://api.example' },
    /LATCHKEY_MASTER_KEY is missing: production needs it/,
  ],
] as const) {
  test(`${name} stops the start with one sentence`, () => {
    const errors = errorsOf(env)
    assert.equal(errors.length, 1, errors.join('\n'))
    assert.match(errors[0] ?? '', pattern)
    assert.doesNotMatch(errors.join('\n'), /canary/, 'a secret is never shown')
  })
}

test('all mistakes are reported at once', () => {
  assert.equal(
    errorsOf({
      LATCHKEY_PORT: 'x',
      LATCHKEY_STALE_SECONDS: '0',
      LATCHKEY_LOG_LEVEL: 'loud',
      LATCHKEY_NOPE: '1',
    }).length,
    4,
  )
})

test('each setting may come from a file, without its last line break', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'latchkey-config-')), 'port')
  writeFileSync(file, '4000\n')
  assert.equal(readConfig({ LATCHKEY_PORT_FILE: file }).port, 4000)
})

test("the SDK's own names are accepted and ignored", () => {
  assert.deepEqual(
    errorsOf({
      LATCHKEY_URL: 'x',
      LATCHKEY_CLIENT_ID: 'x',
      LATCHKEY_CLIENT_SECRET_FILE: 'x',
      LATCHKEY_SCOPES: 'x',
      LATCHKEY_PROFILE: 'x',
    }),
    [],
  )
})

test('docs/reference/settings.md explains every setting', () => {
  const text = readFileSync(new URL('../docs/reference/settings.md', import.meta.url), 'utf8')
  assert.deepEqual(
    settingNames().filter((name) => !text.includes(`\`${name}\``)),
    [],
  )
})
