// `latchkey login` when it comes to nothing. Each waits the interval of the server.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { makeMember } from '../server/testing/member.ts'
import { createWorld } from '../server/testing/world.ts'
import { makeCli } from './testing/run-cli.ts'

const world = await createWorld({ realTime: true })
const url = await world.listen()
const cli = makeCli({ LATCHKEY_URL: url })
after(async () => {
  cli.remove()
  await world.close()
})

test('a session that was ended elsewhere says so, with the exit code of 401', async () => {
  const member = await makeMember(world)
  const signingIn = cli.start(['login'])
  const userCode = /[B-Z]{4}-[B-Z]{4}/.exec(await signingIn.until(/[B-Z]{4}-[B-Z]{4}/))?.[0] ?? ''
  await member.call('POST', '/account/device-sign-ins/look', { userCode })
  await member.call('POST', '/account/device-sign-ins/approve', { userCode })
  assert.equal((await signingIn.ended).code, 0)
  await member.call('POST', '/account/sign-out-everywhere')
  const { code, errors } = await cli.run(['clients', 'list', '--json'])
  assert.equal(code, 3)
  const { error } = JSON.parse(errors)
  assert.deepEqual([error.code, error.exitCode], ['signed_out', 3])
  assert.match(error.message, /Run latchkey login\.$/)
})

test('a sign-in that was refused in the browser ends with the exit code of 403', async () => {
  const member = await makeMember(world)
  const signingIn = cli.start(['login', '--url', url])
  const userCode = /[B-Z]{4}-[B-Z]{4}/.exec(await signingIn.until(/[B-Z]{4}-[B-Z]{4}/))?.[0] ?? ''
  await member.call('POST', '/account/device-sign-ins/look', { userCode })
  await member.call('POST', '/account/device-sign-ins/refuse', { userCode })
  const { code, errors } = await signingIn.ended
  assert.equal(code, 4)
  assert.match(errors, /latchkey: The sign-in was refused in the browser\.\n$/)
})

test('a new sign-in ends the session that it takes the place of', async () => {
  const member = await makeMember(world)
  for (const _time of [1, 2]) {
    const signingIn = cli.start(['login'])
    const userCode = /[B-Z]{4}-[B-Z]{4}/.exec(await signingIn.until(/[B-Z]{4}-[B-Z]{4}/))?.[0] ?? ''
    await member.call('POST', '/account/device-sign-ins/look', { userCode })
    await member.call('POST', '/account/device-sign-ins/approve', { userCode })
    assert.equal((await signingIn.ended).code, 0)
  }
  const { body } = await member.call('GET', '/account/sessions')
  const own = body.items.filter(({ userAgent }: { userAgent: string | null }) =>
    userAgent?.startsWith('latchkey-cli/'),
  )
  assert.equal(own.length, 1)
})
