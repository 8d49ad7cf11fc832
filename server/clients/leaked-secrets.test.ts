import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { readMails, waitForMail } from '../testing/mailbox.ts'
import { makeMember } from '../testing/member.ts'
import { secretsOf } from '../testing/secrets.ts'
import { createWorld, tokenRequest, type World } from '../testing/world.ts'
import { makeSecret } from './secret.ts'

const form = 'grant_type=client_credentials&scope=event'
const url = '/report-leaked-secret'
const types = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain; charset=utf-8',
  none: undefined,
  broken: ';;',
}

const report = (world: World, payload: string, type: keyof typeof types = 'text') =>
  world.inject({
    method: 'POST',
    url,
    payload,
    headers: { 'user-agent': 'a-finder', ...(types[type] && { 'content-type': types[type] }) },
  })

async function trail(world: World) {
  return world.database.db
    .selectFrom('audit')
    .selectAll()
    .where('action', '=', 'secret.leaked')
    .orderBy('seq')
    .execute()
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a reported secret is dead at once, its owner is told, and the answer says nothing`, async () => {
    const lines: string[] = []
    const world = await createWorld({ dialect, onLogLine: (line) => lines.push(line) })
    const unknown = await report(world, JSON.stringify({ secret: makeSecret('test').secret }), 'json')
    assert.equal(unknown.statusCode, 202)
    const ways: [keyof typeof types, (secret: string) => string][] = [
      ['json', (secret) => JSON.stringify({ secret })],
      ['json', (secret) => JSON.stringify({ secret }).replaceAll('_', '\\u005f')],
      ['form', (secret) => `secret=${secret}`],
      ['form', (secret) => `secret=${secret.replaceAll('_', '%5F')}`],
      ['text', (secret) => `password = "${secret}"\n`],
      ['none', (secret) => secret],
      ['broken', (secret) => secret],
    ]
    const values: string[] = []
    for (const [type, write] of ways) {
      const client = await world.makeClient()
      const call = await secretsOf(world, client)
      const { secret, id } = (await call('POST', '', { name: 'second' })).json()
      values.push(secret)
      const request = tokenRequest({ clientId: client.clientId, clientSecret: secret }, form)
      const before = await world.inject(request)
      assert.equal(before.statusCode, 200)
      const answer = await report(world, write(secret), type)
      assert.deepEqual([answer.statusCode, answer.body], [202, unknown.body])
      assert.equal((await world.inject(request)).statusCode, 401, write(secret))
      const bearer = { authorization: `Bearer ${before.json().access_token}` }
      const use = await world.inject({ url: '/notification/events', headers: bearer })
      assert.equal(use.statusCode, 401, 'a token from before is dead')
      assert.equal((await world.inject(tokenRequest(client, form))).statusCode, 200, 'the other one lives')
      const shown = (await call('GET', `/${id}`)).json()
      assert.deepEqual([shown.state, shown.leakedAt !== null], ['revoked', true])
      const entry = (await trail(world)).at(-1)
      assert.deepEqual(
        [entry?.object_id, entry?.account_id, entry?.environment, entry?.actor_kind, entry?.actor_id],
        [id, 'acme', 'test', 'system', 'report-leaked-secret'],
      )
      assert.equal(entry?.address, '127.0.0.1')
      const reader = await world.token(['account_read'])
      const shownTrail = await world.inject({
        url: '/account/audit?action=secret.leaked&limit=1',
        headers: { authorization: `Bearer ${reader}` },
      })
      assert.equal(shownTrail.json().items[0].address, null, 'who reported it is not for the owner')
      await world.app.recorder.flush()
      const [told] = await world.app.activity.page(
        { of: { accountId: 'acme', environment: 'test' }, secretId: id, error: 'secret_leaked' },
        { limit: 1, belowId: undefined },
      )
      assert.deepEqual(
        [told?.clientId, told?.operation, told?.address, told?.userAgent],
        [client.clientId, 'POST /report-leaked-secret', '127.0.0.1', 'a-finder'],
      )
      assert.match(told?.reason ?? '', /second.*revoked at once/)
    }
    const kept = JSON.stringify(await world.database.db.selectFrom('audit').selectAll().execute())
    for (const value of values) assert.ok(!kept.includes(value) && !lines.join('').includes(value))
    await world.close()
  })

  test(`${dialect}: members who can mend it are told by mail, once, and it shows no secret`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    const told = [await makeMember(world), await makeMember(world, { role: 'developer' })]
    const untold = [
      await makeMember(world, { role: 'viewer' }),
      await makeMember(world, { accountId: 'other' }),
    ]
    const unconfirmed = await makeMember(world)
    await world.database.db
      .updateTable('person')
      .set({ email_verified: 0 })
      .where('id', '=', unconfirmed.personId)
      .execute()
    for (const _ of [1, 2]) await report(world, client.clientSecret)
    for (const { email } of told) {
      const mail = await waitForMail(world, email)
      assert.match(mail.subject, /^A client secret of acme was found/)
      assert.ok(mail.text.includes(`${world.url}/test/account/api-clients/${client.clientId}?tab=secrets`))
      assert.ok(!mail.text.includes(client.clientSecret))
    }
    // Closing waits for the mails that are under way.
    await world.app.people.close()
    assert.equal(readMails(world).length, told.length)
    for (const { email } of [...untold, unconfirmed]) assert.deepEqual(readMails(world, email), [])
    await world.close()
  })

  test(`${dialect}: one that has ended is recorded once, and reporting it again writes nothing`, async () => {
    const world = await createWorld({ dialect })
    const expiring = await world.makeClient({ expiresAt: world.clock.now() + 1000 })
    const revoked = await world.makeClient()
    const call = await secretsOf(world, revoked)
    const [{ id }] = (await call('GET', '')).json().items
    const { revokedAt } = (await call('POST', `/${id}/revoke`)).json()
    world.clock.advance(2000)
    const text = `${expiring.clientSecret} ${revoked.clientSecret}`
    const first = await report(world, text)
    const count = (await trail(world)).length
    assert.equal(count, 2)
    assert.equal((await report(world, text)).body, first.body)
    assert.equal((await trail(world)).length, count)
    const shown = (await call('GET', `/${id}`)).json()
    assert.deepEqual([shown.revokedAt, shown.state], [revokedAt, 'revoked'])
    assert.equal((await call('GET', '')).json().items[0].leakedAt !== null, true)
    await Promise.all([1, 2, 3, 4].map(() => report(world, text)))
    assert.equal((await trail(world)).length, count)
    await world.close()
  })

  test(`${dialect}: what only looks like a secret ends none, and a report is bounded`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    const { clientSecret: secret } = client
    const alive = async () => (await world.inject(tokenRequest(client, form))).statusCode
    const answers = new Set<string>()
    // The id of a secret that exists, and a checksum that holds: who has the id alone cannot end it.
    const forged = makeSecret('test').secret
    const harmless = [
      secret.slice(0, -1),
      secret.toLowerCase(),
      `${secret.slice(0, 17)}${forged.slice(17)}`,
      secret.replace('lk_test_', 'lk_prod_'),
      client.clientId,
      '',
      '{"secret": 5}',
      '{"secret"',
      '%',
      'secret=a&secret=b',
      'lk_test_'.repeat(5000),
    ]
    for (const text of harmless) {
      for (const type of ['json', 'form', 'text', 'none', 'broken'] as const) {
        const answer = await report(world, text, type)
        assert.equal(answer.statusCode, 202, `${type} ${text.slice(0, 80)}: ${answer.body}`)
        answers.add(answer.body)
      }
    }
    assert.equal(answers.size, 1)
    assert.equal(await alive(), 200)
    assert.equal((await report(world, 'x'.repeat(64 * 1024 + 1))).statusCode, 413)
    const many = Array.from({ length: 100 }, () => makeSecret('test').secret)
    assert.equal((await report(world, [...many, secret].join('\n'))).statusCode, 202)
    assert.equal(await alive(), 200, 'the 101st is not looked at')
    assert.equal((await report(world, [...many.slice(1), secret].join('\n'))).statusCode, 202)
    assert.equal(await alive(), 401)
    assert.equal((await world.inject({ url })).statusCode, 405)
    assert.equal((await world.inject({ url: '/docs/report-leaked-secret' })).statusCode, 200)
    await world.close()
  })

  test(`${dialect}: two reports at once of the same secrets, in any order, end each once`, async () => {
    const world = await createWorld({ dialect })
    const clients = await Promise.all(
      [1, 2, 3, 4].map((n) => world.makeClient({ accountId: `account-${n}` })),
    )
    const secrets = clients.map((client) => client.clientSecret)
    const answers = await Promise.all([
      report(world, secrets.join(' ')),
      report(world, secrets.toReversed().join(' ')),
      report(world, secrets.toSorted().join(' ')),
    ])
    assert.deepEqual(
      answers.map((answer) => answer.statusCode),
      [202, 202, 202],
    )
    assert.equal((await trail(world)).length, 4)
    for (const client of clients)
      assert.equal((await world.inject(tokenRequest(client, form))).statusCode, 401)
    await world.close()
  })
}
