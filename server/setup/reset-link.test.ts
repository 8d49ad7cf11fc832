// A new password for somebody whom no mail reaches.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { makeMember } from '../testing/member.ts'
import { runCommand } from '../testing/process.ts'
import { createWorld } from '../testing/world.ts'

for (const dialect of dialectsOfRun)
  test(`${dialect}: admin reset-link lets a person choose a password once, ends his sessions, and is in the audit trail`, async () => {
    const world = await createWorld({ dialect, realTime: true })
    const member = await makeMember(world)
    const settings: Record<string, string> = {
      LATCHKEY_MASTER_KEY: world.masterKey.toString('hex'),
      LATCHKEY_PUBLIC_URL: world.url,
      ...(world.databaseUrl !== undefined && { LATCHKEY_DATABASE_URL: world.databaseUrl }),
    }
    const run = (email: string) => runCommand(world.dataDir, ['admin', 'reset-link', email], settings)
    const made = await run(member.email.toUpperCase())
    assert.equal(made.code, 0, made.output)
    assert.doesNotMatch(made.output, /token=/, 'what is no terminal is a log')
    const links = join(world.dataDir, 'links')
    const file = join(links, readdirSync(links)[0] ?? '')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const text = readFileSync(file, 'utf8')
    assert.ok(text.startsWith(`${world.url}/reset-password#token=`))
    const token = text.trim().split('=')[1] ?? ''

    const complete = (password: string) =>
      world.inject({
        ...{ method: 'POST', url: '/account/password-reset/complete', headers: { origin: world.url } },
        payload: { token, password },
      })
    assert.equal((await complete('a wholly new passphrase')).statusCode, 204)
    assert.equal((await complete('another new passphrase')).statusCode, 410)
    assert.equal((await member.call('GET', '/account/session')).status, 401)
    const actions = await world.database.db
      .selectFrom('audit')
      .select(['action', 'actor_id', 'account_id'])
      .execute()
    assert.deepEqual(
      actions.filter(({ action }) => action.startsWith('member.')),
      [
        { action: 'member.reset_link_made', actor_id: 'admin reset-link', account_id: 'acme' },
        { action: 'member.password_reset', actor_id: member.memberId, account_id: 'acme' },
      ],
    )
    const nobody = await run('nobody@acme.example')
    assert.equal(nobody.code, 2)
    assert.match(nobody.output, /Nobody has confirmed this address/)
    await world.close()
  })
