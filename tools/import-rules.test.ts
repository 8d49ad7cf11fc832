// The table "who may import whom" of ARCHITECTURE.md, and its single doors.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Import, importsOf, sourceFiles } from './imports.ts'

/** Files that compose slices: they may import every part of the server. */
const composing = ['server/app.ts', 'server/app/', 'server/main.ts', 'server/setup/']
const base = [
  'vocabulary',
  'http',
  'database',
  'events.ts',
  'audit.ts',
  'idempotency.ts',
  'vault.ts',
  'outbound.ts',
]

/** What a part of the server may import of the server, beside itself. */
const allowed: Record<string, readonly string[]> = {
  vocabulary: [],
  http: ['vocabulary'],
  database: ['vocabulary'],
  config: [],
  'config.ts': ['config'],
  'events.ts': ['database', 'vocabulary'],
  'audit.ts': ['database', 'vocabulary'],
  'idempotency.ts': ['database', 'vault.ts', 'vocabulary'],
  'outbound.ts': ['outbound'],
  outbound: [],
  'vault.ts': ['config', 'database', 'vocabulary'],
  accounts: base,
  activity: base,
  catalogue: base,
  people: [...base, 'accounts'],
  clients: [...base, 'accounts', 'catalogue'],
  oauth: [...base, 'clients', 'catalogue', 'signing'],
  signing: base,
  background: base,
  protection: ['vocabulary'],
  pages: [...base, 'catalogue'],
  signature: base,
  notification: base,
  identification: base,
}

/** Packages that only these may import. */
const doors: Record<string, readonly string[]> = {
  'better-sqlite3': ['server/database/'],
  pg: ['server/database/'],
  'rate-limiter-flexible': ['server/protection/'],
  ioredis: ['server/protection/'],
  'better-auth': ['server/people/better-auth.ts', 'server/people/passwords.ts'],
  nodemailer: ['server/people/'],
  '@fastify/static': ['server/pages/'],
  jose: ['server/oauth/', 'guard/'],
  '@latchkey/guard': [
    'server/http/',
    'server/app.ts',
    'server/app/',
    'server/oauth/dpop.ts',
    'server/oauth/forward-auth',
  ],
  fastify: ['server/http/', 'guard/adapters/fastify.ts', 'server/pages/docs/try/scalar-script.ts'],
  express: ['guard/adapters/express.ts'],
  hono: ['guard/adapters/hono.ts'],
}

function partOf(file: string): string {
  return file.split('/')[1] ?? file
}

function violation({ from, to }: Import): string | undefined {
  const door = doors[to]
  if (door && !door.some((place) => from.startsWith(place))) return `only ${door.join(', ')} may import ${to}`
  const [home] = from.split('/')
  const [target] = to.split('/')
  const isOurs = ['server', 'guard', 'client', 'cli', 'dashboard', 'bench', 'tools', 'conformance'].includes(
    target ?? '',
  )
  if (home === 'client' && !isOurs && !to.startsWith('node:')) return 'the SDK has no run-time dependency'
  if (home === 'client' && to.startsWith('node:') && !/^client\/(store\/file-|runtime\.ts)/.test(from))
    return 'the SDK runs where there is no Node, but for its store of files'
  if (!isOurs) return undefined
  if (home === 'cli' && to.startsWith('conformance/client/')) return undefined
  if (home !== 'server') return home === target ? undefined : `${home} may not import ${target}`
  if (target !== 'server') return `the server imports packages by their name, not ${to}`
  if (composing.some((place) => from.startsWith(place)) || partOf(from) === partOf(to)) return undefined
  return (allowed[partOf(from)] ?? []).includes(partOf(to))
    ? undefined
    : `${partOf(from)} may not import ${partOf(to)}`
}

test('every import follows the table of ARCHITECTURE.md', () => {
  const imports = sourceFiles().flatMap(importsOf)
  assert.ok(imports.length > 200, 'the imports were found')
  const broken = imports.flatMap((entry) => {
    const why = violation(entry)
    return why ? `${entry.from} → ${entry.to}: ${why}` : []
  })
  assert.deepEqual(broken, [])
})

test('the rules catch what they forbid', () => {
  for (const [from, to] of [
    ['server/signature/routes.ts', 'server/oauth/token.ts'],
    ['server/signature/routes.ts', 'server/identification/store.ts'],
    ['server/clients/store.ts', 'server/oauth/token.ts'],
    ['server/http/server.ts', 'server/clients/store.ts'],
    ['server/oauth/token.ts', 'server/activity/recorder.ts'],
    ['server/oauth/token.ts', 'pg'],
    ['server/oauth/token.ts', 'server/protection/token-quota.ts'],
    ['server/protection/counter.ts', 'server/clients/client.ts'],
    ['server/clients/store.ts', 'ioredis'],
    ['server/clients/store.ts', 'jose'],
    ['guard/guard.ts', 'server/config.ts'],
    ['cli/main.ts', 'server/config.ts'],
    ['cli/main.ts', 'conformance/run.ts'],
    ['client/token/token.ts', 'jose'],
    ['client/token/token.ts', 'node:crypto'],
  ] as const)
    assert.ok(violation({ from, to }), `${from} → ${to}`)
})

test('only config.ts reads the environment', () => {
  const readers = sourceFiles()
    .filter((file) => file.startsWith('server/'))
    .filter((file) => /process\.env|import\.meta\.env/.test(readFileSync(file, 'utf8')))
  assert.deepEqual(readers, ['server/config.ts'])
})

test('no file is longer than 300 lines', () => {
  const long = sourceFiles().filter((file) => readFileSync(file, 'utf8').split('\n').length > 301)
  assert.deepEqual(long, [])
})
