// Signing in on a device without a browser: RFC 8628, with a session in place of a token.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { cookiesOf, makeMember } from '../testing/member.ts'
import { codeOf } from '../testing/totp.ts'
import { createWorld, type World } from '../testing/world.ts'

const base = '/account/device-sign-ins'
const userAgent = 'latchkey-cli/0.1.0 (linux; laptop)'

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a member approves the code, and the device gets a session of its own, once`, async () => {
    const world = await createWorld({ dialect })
    const member = await makeMember(world, { role: 'developer' })
    const asked = await start(world)
    assert.match(asked.userCode, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    assert.equal(asked.verificationUri, `${world.url}/device`)
    assert.deepEqual([asked.expiresInSeconds, asked.intervalSeconds], [600, 5])
    assert.equal((await poll(world, asked.deviceCode)).state, 'authorization_pending')
    assert.equal((await poll(world, asked.deviceCode)).state, 'slow_down', 'asked again at once')

    // As it may be typed.
    const look = await member.call('POST', `${base}/look`, {
      userCode: asked.userCode.toLowerCase().replace('-', ' '),
    })
    assert.equal(look.status, 200, look.text)
    assert.deepEqual(
      { program: look.body.program, address: look.body.address, userAgent: look.body.userAgent },
      { program: 'latchkey command line', address: '127.0.0.1', userAgent },
    )
    assert.equal((await member.call('POST', `${base}/approve`, { userCode: asked.userCode })).status, 204)
    assert.equal((await member.call('POST', `${base}/approve`, { userCode: asked.userCode })).status, 410)

    await rest(world)
    const answers = await Promise.all([poll(world, asked.deviceCode), poll(world, asked.deviceCode)])
    const [won] = answers.filter(({ state }) => state === 'signed_in')
    assert.equal(answers.filter(({ state }) => state === 'signed_in').length, 1, 'one of two has it')
    assert.equal((await poll(world, asked.deviceCode)).state, 'expired_token')

    const headers = { cookie: won?.cookie ?? '', origin: world.url }
    const session = await world.inject({ url: '/account/session', headers })
    assert.equal(session.json().person.id, member.personId)
    assert.equal(session.json().account.id, 'acme')
    const sessions = await member.call('GET', '/account/sessions')
    const own = sessions.body.items.find((item: { userAgent: string }) => item.userAgent === userAgent)
    assert.ok(own, 'it shows among the sessions')
    assert.equal((await member.call('DELETE', `/account/sessions/${own.id}`)).status, 204)
    assert.equal((await world.inject({ url: '/account/session', headers })).statusCode, 401)

    const audit = await world.database.db
      .selectFrom('audit')
      .select(['action', 'after'])
      .orderBy('seq')
      .execute()
    assert.deepEqual(
      audit.map(({ action }) => action).filter((action) => action.startsWith('member.')),
      ['member.device_approved', 'member.device_signed_in', 'member.session_ended'],
    )
    const approval = audit.find(({ action }) => action === 'member.device_approved')
    assert.match(approval?.after ?? '', /latchkey command line.*127\.0\.0\.1/)
    await world.close()
  })

  test(`${dialect}: neither code is kept, in no table`, async () => {
    const world = await createWorld({ dialect })
    const { deviceCode, userCode } = await start(world)
    const rows = JSON.stringify(
      await world.database.db.selectFrom('person_device_code').selectAll().execute(),
    )
    for (const code of [deviceCode, userCode, userCode.replace('-', '')]) assert.ok(!rows.includes(code))
    await world.close()
  })

  test(`${dialect}: a refused code signs nobody in`, async () => {
    const world = await createWorld({ dialect })
    const member = await makeMember(world)
    const { deviceCode, userCode } = await start(world)
    await member.call('POST', `${base}/look`, { userCode })
    assert.equal((await member.call('POST', `${base}/refuse`, { userCode })).status, 204)
    assert.equal((await poll(world, deviceCode)).state, 'access_denied')
    assert.equal((await member.call('POST', `${base}/approve`, { userCode })).status, 410)
    assert.equal((await poll(world, deviceCode)).state, 'expired_token')
    await world.close()
  })

  test(`${dialect}: a code that is too old can neither be approved nor used`, async () => {
    const world = await createWorld({ dialect })
    const member = await makeMember(world)
    const { deviceCode, userCode } = await start(world)
    await member.call('POST', `${base}/look`, { userCode })
    const past = new Date(Date.now() - 1000).toISOString()
    await world.database.db.updateTable('person_device_code').set({ expires_at: past }).execute()
    for (const word of ['look', 'approve', 'refuse'])
      assert.equal((await member.call('POST', `${base}/${word}`, { userCode })).status, 410, word)
    assert.equal((await poll(world, deviceCode)).state, 'expired_token')
    await world.close()
  })
}

test('whoever looked at a code first decides on it; approving blindly is not possible', async () => {
  const world = await createWorld()
  const [first, second] = [await makeMember(world), await makeMember(world, { accountId: 'other' })]
  const { userCode } = await start(world)
  assert.equal((await first.call('POST', `${base}/approve`, { userCode })).status, 410, 'not looked at')
  assert.equal((await first.call('POST', `${base}/look`, { userCode })).status, 200)
  for (const word of ['look', 'approve', 'refuse'])
    assert.equal((await second.call('POST', `${base}/${word}`, { userCode })).status, 410, word)
  assert.equal((await first.call('POST', `${base}/approve`, { userCode })).status, 204)
  await world.close()
})

test('guessing codes comes to an end', async () => {
  const world = await createWorld()
  const member = await makeMember(world)
  const statuses = new Set<number>()
  for (let tries = 0; tries < 25; tries += 1)
    statuses.add((await member.call('POST', `${base}/look`, { userCode: 'BBBB-BBBB' })).status)
  assert.deepEqual([...statuses], [410, 429])
  await world.close()
})

test('codes are asked for ten times a minute, not more', async () => {
  const world = await createWorld()
  const statuses: number[] = []
  for (let tries = 0; tries < 11; tries += 1) statuses.push((await ask(world)).statusCode)
  assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 201), 429])
  await world.close()
})

test('a device that was approved gets nothing when the sessions of the person end before', async () => {
  const world = await createWorld()
  const member = await makeMember(world)
  const { deviceCode, userCode } = await start(world)
  await member.call('POST', `${base}/look`, { userCode })
  await member.call('POST', `${base}/approve`, { userCode })
  assert.equal((await member.call('POST', '/account/sign-out-everywhere')).status, 204)
  assert.equal((await poll(world, deviceCode)).state, 'expired_token')
  await world.close()
})

test('the session works in the account in which it was approved, and in no other when that is lost', async () => {
  const world = await createWorld()
  const member = await makeMember(world, { accountId: 'older' })
  const { db } = world.database
  const now = world.clock.now()
  const owner = await makeMember(world, { accountId: 'newer' })
  const row = {
    id: world.newId('mem'),
    account_id: 'newer',
    person_id: member.personId,
    role: 'viewer',
  } as const
  await db
    .insertInto('member')
    .values({ ...row, created_at: now + 1 })
    .execute()
  await member.call('POST', '/account/session/account', { accountId: 'newer' })
  const { deviceCode, userCode } = await start(world)
  await member.call('POST', `${base}/look`, { userCode })
  await member.call('POST', `${base}/approve`, { userCode })
  const { cookie } = await poll(world, deviceCode)
  const headers = { cookie: cookie ?? '', origin: world.url }
  assert.equal((await world.inject({ url: '/account/session', headers })).json().account.id, 'newer')
  assert.equal((await owner.call('DELETE', `/account/members/${row.id}`)).status, 204)
  assert.equal((await world.inject({ url: '/account/session', headers })).statusCode, 401)
  await world.close()
})

test('a member with a second factor needs none on the device: he gave it in the browser', async () => {
  const world = await createWorld()
  const member = await makeMember(world)
  const made = await member.call('POST', '/account/two-factor', { password: member.password })
  const confirmed = await member.call('POST', '/account/two-factor/confirm', {
    code: await codeOf(made.body.totpUri),
  })
  assert.equal(confirmed.status, 204, confirmed.text)
  const renewed = confirmed.headers['set-cookie']
  const cookie = cookiesOf(Array.isArray(renewed) ? renewed : [String(renewed)])
  const call = (word: string, userCode: string) =>
    member.call('POST', `${base}/${word}`, { userCode }, { cookie })
  const { deviceCode, userCode } = await start(world)
  assert.equal((await call('look', userCode)).status, 200)
  assert.equal((await call('approve', userCode)).status, 204)
  assert.equal((await poll(world, deviceCode)).state, 'signed_in')
  await world.close()
})

test('a token decides on no code, and a page of another site starts and ends none', async () => {
  const world = await createWorld()
  const token = await world.token(['account_write'])
  const { deviceCode, userCode } = await start(world)
  const authorization = `Bearer ${token}`
  for (const word of ['look', 'approve', 'refuse']) {
    const answer = await world.inject({
      method: 'POST',
      url: `${base}/${word}`,
      headers: { authorization },
      payload: { userCode },
    })
    assert.equal(answer.statusCode, 403, word)
  }
  for (const headers of [{}, { origin: 'https://evil.example' }])
    for (const [url, payload] of [
      [base, { clientId: 'latchkey-cli' }],
      [`${base}/complete`, { deviceCode }],
    ] as const)
      assert.equal((await world.inject({ method: 'POST', url, headers, payload })).statusCode, 403, url)
  await world.close()
})

interface Asked {
  deviceCode: string
  userCode: string
  verificationUri: string
  expiresInSeconds: number
  intervalSeconds: number
}

function ask(world: World) {
  const headers = { origin: world.url, 'user-agent': userAgent }
  return world.inject({ method: 'POST', url: base, headers, payload: { clientId: 'latchkey-cli' } })
}

async function start(world: World): Promise<Asked> {
  const answer = await ask(world)
  assert.equal(answer.statusCode, 201, answer.body)
  return answer.json()
}

async function poll(world: World, deviceCode: string): Promise<{ state: string; cookie?: string }> {
  const headers = { origin: world.url, 'user-agent': userAgent }
  const answer = await world.inject({
    method: 'POST',
    url: `${base}/complete`,
    headers,
    payload: { deviceCode },
  })
  assert.equal(answer.statusCode, 200, answer.body)
  const { state }: { state: string } = answer.json()
  const set = answer.headers['set-cookie']
  if (set === undefined) return { state }
  assert.match(String(set), /HttpOnly/i)
  return { state, cookie: cookiesOf(Array.isArray(set) ? set : [set]) }
}

/** The device waits its interval. By better-auth's clock, which is the machine's. */
async function rest(world: World): Promise<void> {
  await world.database.db.updateTable('person_device_code').set({ last_polled_at: null }).execute()
}
