// What people install: the packed SDK and guard, checked by others' tools, installed into an empty project and run
// there, on Node 20 where there is one and on ours, against a running Latchkey.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { createWorld } from '../server/testing/world.ts'
import { packWorkspace } from './pack-workspace.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-packages-'))
const world = await createWorld({ realTime: true })
const url = await world.listen()
after(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

// A copy: packing rewrites the manifest for a moment, and nobody else should see it so.
const copy = join(folder, 'repository')
for (const part of ['client', 'guard', 'tools', 'package.json', 'tsconfig.json', 'LICENSE', '.npmrc'])
  cpSync(part, join(copy, part), { recursive: true, filter: (path) => !path.includes('node_modules') })
symlinkSync(resolve('node_modules'), join(copy, 'node_modules'))
const before = readFileSync(join(copy, 'client/package.json'), 'utf8')
const archives = {
  client: packWorkspace(copy, 'client', folder),
  guard: packWorkspace(copy, 'guard', folder),
}

const program = `
import { createClient } from '@latchkey/client'
import { createDpopKey } from '@latchkey/client/dpop'
import { fileStore } from '@latchkey/client/file-store'
import { withOperations } from '@latchkey/client/operations'
import { verifyWebhook } from '@latchkey/client/webhooks'
import { createGuard } from '@latchkey/guard'

const scopes = ['document_read']
const api = withOperations(createClient({ scopes }))
const { status: call } = await api.fetch('/signature/documents')
const { items: operations } = await api.signature.documents.list()
const missing = await api.signature.documents.get('doc_none').catch((error) => error.name)
const { status: dpop } = await createClient({ scopes, dpop: createDpopKey() }).fetch('/signature/documents')
const alone = () => createClient({ scopes: ['event'], store: fileStore({ folder: process.env.TOKENS }), shareTokens: false })
const stored = (await alone().token()) === (await alone().token())
const guard = createGuard({ issuer: process.env.LATCHKEY_URL + '/oauth', audiences: { test: process.env.LATCHKEY_URL + '/test' } })
const { clientId: guarded } = await guard.check('Bearer ' + (await api.token()), 'document_read')
const refused = await guard.check('Bearer no.jwt.here', 'document_read').catch(({ code }) => code)
const webhook = await verifyWebhook({ body: '{}', headers: {}, secret: 'whsec_AAAA' }).catch((error) => error.name)
console.log(JSON.stringify({ call, operations, missing, dpop, stored, guarded, refused, webhook }))
process.exit()
`

const project = join(folder, 'project')
mkdirSync(project)
installInto(project)

test('packing leaves the sources as they were', () =>
  assert.equal(readFileSync(join(copy, 'client/package.json'), 'utf8'), before))

for (const [name, archive] of Object.entries(archives)) {
  test(`${name}: publint and attw have nothing to say`, () => {
    const published = run('publint', [archive, '--strict'])
    assert.equal(published.status, 0, published.output)
    const types = run('attw', [archive, '--profile', 'esm-only'])
    assert.equal(types.status, 0, types.output)
  })

  test(`${name}: it holds JavaScript, declarations, licence, and no source or test`, () => {
    const { output } = run('tar', ['tzf', archive])
    const files = output.trim().split('\n')
    assert.ok(files.includes('package/LICENSE') && files.includes('package/dist/index.d.ts'))
    const others = files.filter(
      (file) => !/^package\/(dist\/.+\.(js|d\.ts)|package\.json|LICENSE|README\.md)$/.test(file),
    )
    assert.deepEqual(others, [])
    assert.ok(!files.some((file) => /testing|\.test\./.test(file)))
  })
}

const ownNode = process.execPath
for (const node of new Set(['/usr/bin/node', ownNode])) {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim()
  test(`an empty project runs both, on Node ${version ?? node}`, {
    skip: !version && 'It is not installed.',
  }, async () => {
    const { clientId, clientSecret } = await world.makeClient({ scopes: ['document_read', 'event'] })
    const env = {
      PATH: process.env.PATH,
      LATCHKEY_URL: url,
      LATCHKEY_CLIENT_ID: clientId,
      LATCHKEY_CLIENT_SECRET: clientSecret,
      TOKENS: join(folder, `tokens-${version}`),
    }
    const outcome = await runProgram(node, join(project, 'program.js'), env)
    assert.equal(outcome.status, 0, outcome.output)
    assert.deepEqual(JSON.parse(outcome.output), {
      call: 200,
      operations: [],
      missing: 'ApiError',
      dpop: 200,
      stored: true,
      guarded: clientId,
      refused: 'invalid_token',
      webhook: 'WebhookError',
    })
  })
}

test('every entry loads, and its declarations are understood', () => {
  const names = ['client', 'guard'].flatMap((name) => {
    const manifest = JSON.parse(
      readFileSync(join(project, 'node_modules/@latchkey', name, 'package.json'), 'utf8'),
    )
    return Object.keys(manifest.exports)
      .filter((entry) => entry !== './package.json')
      .map((entry) => `@latchkey/${name}${entry.slice(1)}`)
  })
  assert.ok(names.length >= 13)
  for (const peer of ['fastify', 'hono', 'express', '@types'])
    symlinkSync(resolve('node_modules', peer), join(project, 'node_modules', peer))
  const lines = names.map((name, index) => `export * as entry${index} from '${name}'`)
  writeFileSync(join(project, 'entries.ts'), `${lines.join('\n')}\n`)
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2022',
        strict: true,
        skipLibCheck: false,
        noEmit: true,
        types: ['node'],
      },
      files: ['entries.ts'],
    }),
  )
  const types = spawnSync('tsc', ['-p', project], { encoding: 'utf8' })
  assert.equal(types.status, 0, types.stdout)
})

/** A project of nothing but the two archives. jose is at hand already: the registry is not asked. */
function installInto(place: string): void {
  const dependencies = {
    '@latchkey/client': `file:${resolve(archives.client)}`,
    '@latchkey/guard': `file:${resolve(archives.guard)}`,
    jose: `file:${resolve('node_modules/jose')}`,
  }
  writeFileSync(join(place, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
  writeFileSync(join(place, 'program.js'), program)
  // Peers are of those who use them; npm 7 and later would fetch what is not optional.
  const words = ['install', '--offline', '--omit=peer', '--no-audit', '--no-fund', '--install-links=false']
  const installed = spawnSync('npm', words, { cwd: place, encoding: 'utf8' })
  if (installed.status !== 0) throw new Error(`The packages could not be installed: ${installed.stderr}`)
}

function run(command: string, words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8' })
  return { status, output: `${stdout}${stderr}` }
}

/** Beside us, not instead of us: the server it calls is in this process. */
async function runProgram(node: string, file: string, env: NodeJS.ProcessEnv) {
  const child = spawn(node, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { status, output: `${stdout}${stderr}` }
}
