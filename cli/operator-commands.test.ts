// Operator commands are the server's own program: what it says, its exit code and its signals are handed through.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { freePort, runCommand } from '../server/testing/process.ts'
import { readCommands } from './command-words.ts'
import { createProgram } from './program.ts'
import { makeCli } from './testing/run-cli.ts'

const cli = makeCli()
const data = { LATCHKEY_DATA_DIR: `${cli.folder}/data` }
after(() => cli.remove())

test('every command of the server is one of the command line, and the other way round', async () => {
  const { output } = await runCommand(cli.folder, ['nonsense'])
  const lines = [...output.matchAll(/node server\/main\.ts ([a-z]+)(?: ([a-z][a-z-]*))?/g)]
  const offered = new Set(lines.map(([, name = '', action]) => (action ? `${name} ${action}` : name)))
  const all = readCommands(createProgram([]))
  const groups = ['apply', 'migrate', 'doctor', 'config', 'admin', 'keys', 'audit', 'signer']
  const leaves = all.filter(
    ({ path, names }) =>
      groups.includes(path.split(' ')[0] ?? '') && (path.includes(' ') || names.length === 0),
  )
  assert.deepEqual(leaves.map(({ path }) => path).sort(), [...offered].sort())
})

test('exit codes are handed through', async () => {
  const wrong = await cli.run(['config', 'check', '--json'], { env: { ...data, LATCHKEY_PORT: 'many' } })
  assert.deepEqual([wrong.code, JSON.parse(wrong.output).good], [2, false])
  const missing = await cli.run(['migrate', '--check'], { env: data })
  assert.equal(missing.code, 1)
  const unknown = await cli.run(['keys', 'rotate', '--oftn'], { env: data })
  assert.equal(unknown.code, 2)
})

test('start runs the server, and a signal stops it as asked', async () => {
  const port = String(await freePort())
  const server = cli.start(['start'], { env: { ...data, LATCHKEY_PORT: port } })
  await server.until(/Latchkey runs at http/)
  assert.equal((await fetch(`http://127.0.0.1:${port}/readyz`)).status, 200)
  const { code } = await server.interrupt('SIGTERM')
  assert.equal(code, 0)
})
