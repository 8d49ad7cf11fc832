// The Postman collection, run by Postman's own command line: several calls, one token request.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createWorld } from '../server/testing/world.ts'

const newman = join(createRequire(import.meta.url).resolve('newman/package.json'), '../bin/newman.js')

test('the collection requests a token once and reuses it for every call', {
  timeout: 120_000,
}, async () => {
  const world = await createWorld({ realTime: true })
  await world.listen()
  const scopes = ['document_read', 'event', 'identify', 'account_read']
  const client = await world.makeClient({ scopes })
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-postman-'))
  const file = join(folder, 'collection.json')
  writeFileSync(file, (await world.inject({ url: '/docs/latchkey.postman_collection.json' })).body)
  const names = [
    'List documents, newest first',
    'List events, newest first',
    'List identification sessions, newest first',
    'Read the account',
    'List API clients, newest first',
  ]
  const args = [newman, 'run', file, '--iteration-count', '2', '--bail', '--reporters', 'json']
    .concat(['--reporter-json-export', join(folder, 'report.json')])
    .concat(names.flatMap((name) => ['--folder', name]))
    .concat(['--env-var', `clientId=${client.clientId}`, '--env-var', `clientSecret=${client.clientSecret}`])
    .concat(['--env-var', `scopes=${scopes.join(' ')}`])
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const [status] = await once(child, 'close')
  assert.equal(status, 0, output)
  await world.app.recorder.flush()
  const entries = await world.app.activity.page(
    { of: { accountId: 'acme', environment: 'test' } },
    { limit: 100, belowId: undefined },
  )
  const count = (kind: string) => entries.filter((entry) => entry.kind === kind).length
  assert.deepEqual([count('token_request'), count('api_call')], [1, 2 * names.length])
  assert.deepEqual([...new Set(entries.map((entry) => entry.status))], [200])
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})
