// `audit verify` and `audit export` as processes, beside whoever has the database open.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { chainLine } from '../activity/audit-line.ts'
import { openTrail, type Trail } from '../testing/audit.ts'
import { testDialects } from '../testing/database.ts'
import { makeFolder, runCommand } from '../testing/process.ts'

function commands(trail: Trail) {
  const settings: Record<string, string> = trail.databaseUrl
    ? { LATCHKEY_DATABASE_URL: trail.databaseUrl, LATCHKEY_MASTER_KEY: 'k'.repeat(43) }
    : {}
  return (...words: string[]) => runCommand(trail.dataDir, ['audit', ...words], settings)
}

for (const dialect of testDialects) {
  test(`${dialect}: audit verify prints entries and head while the database is in use, and ends with 1 and the first broken entry`, async () => {
    const trail = await openTrail(dialect)
    const audit = commands(trail)
    assert.deepEqual(await audit('verify'), {
      code: 0,
      output: 'The audit trail holds.\nentries  0\nhead     -\n',
    })
    await trail.recordMany(450)
    const last = (await trail.rows()).at(-1)
    assert.deepEqual(await audit('verify'), {
      code: 0,
      output: `The audit trail holds.\nentries  450\nhead     ${last?.hash}\n`,
    })
    await trail.record()
    assert.equal((await audit('verify', '--head', last?.hash ?? '')).code, 0)
    const unknown = await audit('verify', '--head', 'a'.repeat(64))
    assert.equal(unknown.code, 1)
    assert.match(unknown.output, /^The audit trail is broken\. No entry has the hash that you know/)

    await trail.db.updateTable('audit').set({ actor_id: 'nobody' }).where('seq', '=', 420).execute()
    const broken = await audit('verify')
    assert.equal(broken.code, 1)
    assert.match(broken.output, /broken at entry 420\. This entry was changed.*\n.*\nentries {2}419\nhead/)
    await trail.close()
  })

  test(`${dialect}: audit export writes the whole trail to a new file that verifies without the database`, async () => {
    const trail = await openTrail(dialect)
    const audit = commands(trail)
    await trail.recordMany(250)
    const file = join(trail.dataDir, 'trail.jsonl')
    const exported = await audit('export', file)
    assert.equal(exported.code, 0, exported.output)
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    assert.equal(lines.length, 250)
    assert.equal(exported.output, `entries  250\nhead     ${JSON.parse(lines[249] ?? '').hash}\n`)
    assert.equal(statSync(file).mode & 0o777, 0o600)

    const again = await audit('export', file)
    assert.equal(again.code, 2)
    assert.match(again.output, /cannot be made \(EEXIST\)/)
    assert.equal(readFileSync(file, 'utf8').trimEnd().split('\n').length, 250)

    const alone = makeFolder()
    const verify = () => runCommand(alone.path, ['audit', 'verify', '--file', file])
    assert.match((await verify()).output, /^The audit trail holds\.\nentries {2}250\n/)
    assert.equal(existsSync(join(alone.path, 'main.db')), false, 'no database was made')
    writeFileSync(
      file,
      lines.map((line, index) => (index === 99 ? line.replace('acme', 'acne') : line)).join('\n'),
    )
    const broken = await verify()
    assert.deepEqual([broken.code, /broken at entry 100\./.test(broken.output)], [1, true])
    writeFileSync(file, 'not a line\n')
    const wrong = await verify()
    assert.deepEqual([wrong.code, /Line 1 of .* is not an entry of an export/.test(wrong.output)], [2, true])
    alone.remove()
    await trail.close()
  })
}

const hasPython = spawnSync('python3', ['--version']).status === 0

test('the program in docs/guides/operate.md verifies an export without Latchkey', {
  skip: !hasPython,
}, async () => {
  const docs = readFileSync(new URL('../../docs/guides/operate.md', import.meta.url), 'utf8')
  const program = /```python\n(.*?)```/s.exec(docs)?.[1] ?? ''
  const trail = await openTrail('sqlite')
  await trail.recordMany(3)
  trail.clock.advance(123)
  const odd = { text: 'é 签 \u{1f511} \u2028 \u0001 \u007f "x" \\ / \ud800', list: [1, true, null], 7: {} }
  await trail.record({ before: odd, after: null, accountId: null, environment: null })
  await trail.record({ actor: { kind: 'command', id: 'keys rotate', address: null, requestId: null } })
  const lines = (await trail.rows()).map(chainLine)
  const file = join(trail.dataDir, 'trail.jsonl')
  const run = (text: string) => {
    writeFileSync(file, text)
    return spawnSync('python3', ['-c', program, file], { encoding: 'utf8' })
  }
  const head = await trail.db.selectFrom('audit_head').select('hash').executeTakeFirstOrThrow()
  assert.equal(run(lines.join('')).stdout, `${head.hash}\n`)
  assert.match(run(lines.join('').replace('192.0.2.7', '192.0.2.8')).stderr, /another address at entry 1/)
  assert.match(run(lines.toSpliced(1, 1).join('')).stderr, /broken at entry 2/)
  await trail.close()
})

for (const [words, sentence] of [
  [['audit'], /audit needs verify/],
  [['audit', 'verify', 'all'], /audit needs verify/],
  [['audit', 'verify', '--head', 'abc'], /--head takes a head hash/],
  [['audit', 'verify', '--file', '/nowhere/at/all'], /cannot be read \(ENOENT\)/],
  [['audit', 'export'], /audit needs verify/],
  [['audit', 'export', 'a', 'b'], /audit needs verify/],
  [['audit', 'erase'], /audit needs verify/],
] as const) {
  test(`"${words.join(' ')}" ends with 2 and says what it takes`, async () => {
    const folder = makeFolder()
    const { code, output } = await runCommand(folder.path, words)
    assert.equal(code, 2, output)
    assert.match(output, sentence)
    assert.match(output, /node server\/main\.ts audit verify/)
    folder.remove()
  })
}
