// How the first operator comes in: by a link that works once, and never by a password that somebody else knows.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createPostgresDatabase, testDialects } from '../testing/database.ts'
import { makeFolder, runCommand, startReady } from '../testing/process.ts'
import { until } from '../testing/until.ts'

for (const dialect of testDialects)
  test(`${dialect}: a set-up link is in a file of its own, works once, and makes an operator`, async () => {
    const folder = makeFolder()
    const postgres = dialect === 'postgres' ? await createPostgresDatabase() : undefined
    const settings: Record<string, string> = postgres
      ? { LATCHKEY_DATABASE_URL: postgres.url, LATCHKEY_MASTER_KEY: 'k'.repeat(43) }
      : {}
    const server = await startReady(folder.path, settings)
    const command = { ...settings, LATCHKEY_PUBLIC_URL: server.url }
    const post = (path: string, body: object, cookie?: string) =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: server.url, ...(cookie && { cookie }) },
        body: JSON.stringify(body),
      })
    const makeLink = async () => {
      const made = await runCommand(folder.path, ['admin', 'set-up-link'], command)
      assert.equal(made.code, 0, made.output)
      assert.doesNotMatch(made.output, /token=/, 'what is no terminal is a log')
      const links = join(folder.path, 'links')
      assert.equal(statSync(links).mode & 0o777, 0o700)
      const file = join(links, readdirSync(links).sort().at(-1) ?? '')
      assert.equal(statSync(file).mode & 0o777, 0o600)
      return /#token=(\S+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
    }

    assert.match(server.output(), /Nobody operates it yet\..*admin set-up-link/)
    const first = await makeLink()
    const token = await makeLink()
    assert.equal((await post('/account/set-up/look', { token: first })).status, 410, 'the newer one ends it')
    assert.deepEqual(await (await post('/account/set-up/look', { token })).json(), {
      accountName: 'Operators',
    })
    const who = { email: 'root@ops.example', name: 'Root', password: 'correct horse battery' }
    const weak = await post('/account/set-up/complete', { token, ...who, password: 'root@ops.example' })
    assert.equal(weak.status, 400)
    const done = await post('/account/set-up/complete', { token, ...who })
    assert.equal(done.status, 200)
    const cookie = done.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const session = await (await fetch(`${server.url}/account/session`, { headers: { cookie } })).json()
    assert.deepEqual(
      [session.account.id, session.account.operator, session.member.role, session.person.emailConfirmed],
      ['operators', true, 'owner', true],
    )
    const accounts = await fetch(`${server.url}/account/accounts`, { headers: { cookie } })
    assert.equal(accounts.status, 200)
    assert.equal((await post('/account/set-up/complete', { token, ...who })).status, 410)
    assert.doesNotMatch(server.output(), /token=|root@ops/)

    const wrong = await runCommand(folder.path, ['admin', 'set-up-link', '--account', 'demo'], command)
    assert.equal(wrong.code, 2)
    assert.match(wrong.output, /"demo" is not the account of those who run this service/)
    server.child.kill('SIGTERM')
    await server.exited
    const next = await startReady(folder.path, settings)
    await until(() => (/Latchkey runs at/.test(next.output()) ? true : undefined), 'greeting')
    assert.doesNotMatch(next.output(), /Nobody operates it yet/)
    next.child.kill('SIGTERM')
    await next.exited
    await postgres?.drop()
    folder.remove()
  })

const hasScript = spawnSync('script', ['--version']).status === 0

test('at a terminal the link is printed, and nothing is left behind', { skip: !hasScript }, async () => {
  const folder = makeFolder()
  const { output } = await runCommand(folder.path, ['admin', 'set-up-link'], {}, { terminal: true })
  assert.match(output, /^http:\/\/127\.0\.0\.1:\d+\/set-up#token=[\w-]{43}\r?\n/)
  assert.match(output, /works once, for 30 minutes/)
  assert.equal(existsSync(join(folder.path, 'links')), false)
  folder.remove()
})
