// Completion in a real bash, and that every command is in it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readCommands } from './command-words.ts'
import { createProgram } from './program.ts'
import { makeCli } from './testing/run-cli.ts'

const cli = makeCli()
after(() => cli.remove())
const { output: script } = await cli.run(['completion', 'bash'])

/** What bash would offer at Tab. */
function complete(...words: string[]): string[] {
  const line = `${script}
    COMP_WORDS=(latchkey ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
    _latchkey; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, status, stderr } = spawnSync('bash', ['--norc', '-c', line], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return stdout.split('\n').filter((word) => word !== '')
}

test('commands, their sub-commands, flags and values are completed', () => {
  assert.deepEqual(complete('cl'), ['clients'])
  assert.deepEqual(complete('clients', 'cr'), ['create'])
  assert.deepEqual(complete('clients', 'create', 'Robot', '--do'), ['--dotenv'])
  assert.deepEqual(complete('clients', 'create', '--env', ''), ['test', 'production'])
  assert.deepEqual(complete('completion', ''), ['bash', 'zsh', 'fish', '--help'])
  assert.deepEqual(complete('keys', 'ro'), ['rotate'])
})

test('every command and flag is in the scripts of all shells', async () => {
  const fish = await cli.run(['completion', 'fish'])
  for (const { path, names } of readCommands(createProgram([])))
    for (const { name } of names) {
      assert.ok(script.includes(name), `${path} ${name}`)
      assert.ok(fish.output.includes(`-a ${name} `), `${path} ${name}`)
    }
  assert.match((await cli.run(['completion', 'zsh'])).output, /^autoload -U \+X bashcompinit/)
})

const hasFish = spawnSync('fish', ['--version']).status === 0

test('fish completes the same', { skip: !hasFish }, async () => {
  const file = join(cli.folder, 'latchkey.fish')
  writeFileSync(file, (await cli.run(['completion', 'fish'])).output)
  const words = (line: string) => {
    const { stdout } = spawnSync('fish', ['--no-config', '-c', `source ${file}; complete -C '${line}'`], {
      encoding: 'utf8',
      env: { ...process.env, HOME: cli.folder },
    })
    return stdout.split('\n').flatMap((found) => found.split('\t')[0] || [])
  }
  assert.deepEqual(words('latchkey clients cr'), ['create'])
  assert.deepEqual(words('latchkey clients create --env '), ['production', 'test'])
  assert.deepEqual(words('latchkey clients create --do'), ['--dotenv'])
})
