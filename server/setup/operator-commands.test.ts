// Commands beside the running server, as processes; the server sees what they did as another node's change.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPostgresDatabase, dialectsOfRun } from '../testing/database.ts'
import { makeFolder, runCommand, startReady } from '../testing/process.ts'
import { untilTrue } from '../testing/until.ts'
import { basic } from '../testing/world.ts'

for (const dialect of dialectsOfRun) {
  test(`${dialect}: keys rotate works while the server runs; in an emergency old tokens are refused within five seconds`, async () => {
    const folder = makeFolder()
    const postgres = dialect === 'postgres' ? await createPostgresDatabase() : undefined
    const settings: Record<string, string> = postgres
      ? { LATCHKEY_DATABASE_URL: postgres.url, LATCHKEY_MASTER_KEY: 'k'.repeat(43) }
      : {}
    const server = await startReady(folder.path, settings)
    const keys = async (...words: string[]) => runCommand(folder.path, ['keys', ...words], settings)
    const published = async (): Promise<{ kid: string; alg: string }[]> =>
      (await (await fetch(`${server.url}/oauth/jwks`)).json()).keys
    const answer = await fetch(`${server.url}/oauth/connect/token`, {
      method: 'POST',
      headers: { authorization: basic(folder.demo()), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&scope=document_read',
    })
    const { access_token: token } = await answer.json()
    const call = async () =>
      (await fetch(`${server.url}/signature/documents`, { headers: { authorization: `Bearer ${token}` } }))
        .status
    assert.equal(await call(), 200)

    const rotated = await keys('rotate', '--now', '--algorithm', 'EdDSA')
    assert.equal(rotated.code, 0, rotated.output)
    assert.match(
      rotated.output,
      /^key_\S+ {2}EdDSA {2}local {2}signs from \S+ on\nkey_\S+ {2}ES256 {2}local {2}signs since \S+, published until \S+\n$/,
    )
    await untilTrue(async () => (await published()).length === 2, 'second key', 5000)
    assert.equal(await call(), 200)

    const emergency = await keys('rotate', '--emergency')
    assert.equal(emergency.code, 0, emergency.output)
    await untilTrue(async () => (await call()) === 401, 'refusal', 5000)
    const [only, ...others] = await published()
    assert.deepEqual([only?.alg, others], ['ES256', []])
    assert.ok(emergency.output.startsWith(`${only?.kid}  ES256  local  signs since `), emergency.output)

    assert.equal((await keys('list')).output.split('\n').length, 4)
    server.child.kill('SIGTERM')
    assert.equal(await server.exited, 0)
    await postgres?.drop()
    folder.remove()
  })
}

for (const [words, sentence] of [
  [['nonsense'], /There is no such command/],
  [['keys'], /keys needs list/],
  [['keys', 'list', '--now'], /keys needs list/],
  [['keys', 'rotate', 'everything'], /keys takes one word/],
  [['keys', 'rotate', '--now', '--emergency'], /Choose one of --now and --emergency/],
  [['keys', 'rotate', '--algorithm', 'HS256'], /There is no such algorithm/],
  [['keys', 'rotate', '--often'], /Unknown option '--often'/],
  [['signer', '--socket', '/tmp/x'], /signer needs --socket PATH and --keys FOLDER/],
] as const) {
  test(`"${words.join(' ')}" ends with 2, says why and which commands there are, and changes nothing`, async () => {
    const folder = makeFolder()
    const { code, output } = await runCommand(folder.path, words)
    assert.equal(code, 2, output)
    assert.match(output, sentence)
    assert.match(output, /node server\/main\.ts keys rotate --emergency/)
    assert.doesNotMatch(output, /\n\s+at /)
    folder.remove()
  })
}
