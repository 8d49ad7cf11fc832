// docs/guides/account-api.md, run as a reader would: its set-up, then its commands in one shell.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder, startReady } from '../testing/process.ts'

const guide = readFileSync(new URL('../../docs/guides/account-api.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1] ?? '',
  )
const hasJq = spawnSync('jq', ['--version']).status === 0

test('the guide to the account API works as it is written', {
  skip: !hasJq && 'jq is not installed',
}, async () => {
  const folder = makeFolder()
  const [setup] = blocks('json')
  const setupFile = join(folder.path, 'setup.json')
  writeFileSync(setupFile, setup ?? '')
  const server = await startReady(folder.path, { LATCHKEY_APPLY: setupFile })
  const commands = blocks('sh')
  assert.equal(commands.length, 3)
  const run = spawnSync('bash', ['-euo', 'pipefail', '-c', commands.join('\n')], {
    cwd: folder.path,
    env: { PATH: process.env.PATH, LATCHKEY_URL: server.url },
    encoding: 'utf8',
    timeout: 20_000,
  })
  server.child.kill('SIGTERM')
  await server.exited
  folder.remove()
  assert.equal(run.status, 0, run.stderr)
  const lines = run.stdout.trim().split('\n')
  assert.deepEqual(lines.slice(0, 2), ['Bearer', '["document_read","document_write"]'])
  assert.deepEqual(
    lines.slice(2, 4).map((line) => line.split(':')[0]),
    ['second', 'first'],
  )
  const operations = lines.slice(4, 7).map((line) => line.replace(/ [A-Z]+ .*/, ''))
  assert.deepEqual(operations, ['200', '201', '200'])
  const actions = lines.slice(7).map((line) => line.split(' ')[0])
  assert.deepEqual(actions, ['secret.changed', 'secret.created', 'client.changed'])
})
