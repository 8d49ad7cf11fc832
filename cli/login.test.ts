// `latchkey login`: the device flow over HTTP with a real server, and what the session is good for afterwards.
import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { makeMember } from '../server/testing/member.ts'
import { createWorld } from '../server/testing/world.ts'
import { makeCli } from './testing/run-cli.ts'

const world = await createWorld({ realTime: true })
const url = await world.listen()
const cli = makeCli({ LATCHKEY_URL: url })
const sessions = join(cli.folder, 'config', 'latchkey', 'sessions.json')
after(async () => {
  cli.remove()
  await world.close()
})

test('a member signs in through the browser; his session manages clients, and ends where he ends it', async () => {
  const member = await makeMember(world)
  const signingIn = cli.start(['login'])
  const shown = await signingIn.until(/[B-Z]{4}-[B-Z]{4}/)
  assert.match(shown, new RegExp(`Open ${url}/device in your browser`))
  const userCode = /[B-Z]{4}-[B-Z]{4}/.exec(shown)?.[0] ?? ''
  const look = await member.call('POST', '/account/device-sign-ins/look', { userCode })
  assert.match(look.body.userAgent, /^latchkey-cli\/\d/)
  await member.call('POST', '/account/device-sign-ins/approve', { userCode })
  const { code, output } = await signingIn.ended
  assert.equal(code, 0)
  assert.equal(output, `Signed in at ${url} as ${member.email}, account acme.\n`)

  assert.equal(statSync(sessions).mode & 0o777, 0o600)
  const kept: Record<string, { cookie: string }> = JSON.parse(readFileSync(sessions, 'utf8'))
  const [, value = ''] = kept[url]?.cookie.split('=') ?? []
  assert.ok(value.length > 40 && !(output + shown).includes(value), 'the session is not shown')

  const made = await cli.run(['clients', 'create', 'Robot', '--scope', 'document_read', '--json'])
  assert.equal(made.code, 0, made.errors)
  const listed = await cli.run(['clients', 'list'])
  assert.match(listed.output, /Robot/)

  const out = await cli.run(['logout'])
  assert.deepEqual([out.code, out.output], [0, `Signed out of ${url}.\n`])
  const cookie = kept[url]?.cookie ?? ''
  assert.equal(
    (await world.inject({ url: '/account/session', headers: { cookie, origin: url } })).statusCode,
    401,
  )
  const without = await cli.run(['clients', 'list'])
  assert.equal(without.code, 3)
  assert.match(without.errors, /^latchkey: You are not signed in at .*Run latchkey login/)
})
