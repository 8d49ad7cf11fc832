// Real processes that share a store of files.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, beforeEach, test } from 'node:test'
import { createStand } from '../testing/stand.ts'

const stand = await createStand()
const { proxy } = stand
const base = mkdtempSync(join(tmpdir(), 'latchkey-processes-'))
beforeEach(() => proxy.reset())
after(async () => {
  rmSync(base, { recursive: true })
  await stand.close()
})

const program = join(base, 'program.ts')
writeFileSync(
  program,
  `import { createClient } from '${resolve('client/index.ts')}'
import { fileStore } from '${resolve('client/store/file-store.ts')}'
const api = createClient({ store: fileStore({ folder: process.env.FOLDER }) })
process.stdout.write((await api.fetch('/signature/documents')).status + ' ' + (await api.token()))
process.exit()`,
)

async function environment(folder: string) {
  const { url, clientId, clientSecret } = await stand.settings()
  return {
    ...{ PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, FOLDER: folder },
    ...{ LATCHKEY_URL: url, LATCHKEY_CLIENT_ID: clientId, LATCHKEY_CLIENT_SECRET: clientSecret },
    LATCHKEY_SCOPES: 'document_read',
  }
}

function start(env: NodeJS.ProcessEnv) {
  return spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

test('50 processes that start together make one token request', async () => {
  const folder = join(base, 'together')
  const env = await environment(folder)
  const outputs = await Promise.all(Array.from({ length: 50 }, () => text(start(env).stdout)))
  assert.equal(new Set(outputs).size, 1)
  assert.match(outputs[0] ?? '', /^200 eyJ/)
  assert.deepEqual([proxy.tokenRequests(), proxy.apiCalls()], [1, 50])
  assert.equal(readdirSync(folder).length, 1)
})

test('a process that is killed while it holds the lock holds up nobody', async () => {
  const folder = join(base, 'killed')
  const env = await environment(folder)
  const asked = Promise.withResolvers<void>()
  proxy.fault = () => {
    asked.resolve()
    return { after: new Promise(() => undefined) }
  }
  const victim = start(env)
  await asked.promise
  assert.ok(readdirSync(folder).some((name) => name.endsWith('.lock')))
  victim.kill('SIGKILL')
  await once(victim, 'exit')
  proxy.reset()
  const outputs = await Promise.all(Array.from({ length: 5 }, () => text(start(env).stdout)))
  assert.equal(new Set(outputs).size, 1)
  assert.equal(proxy.tokenRequests(), 1)
  assert.deepEqual(
    readdirSync(folder).filter((name) => !name.endsWith('.token')),
    [],
  )
})
