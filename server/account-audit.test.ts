// No gap in the audit trail: each operation that changes something does it together with its entry, or not at all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyAudit } from './activity/audit-verification.ts'
import { insertInvitation } from './people/invitation-store.ts'
import { digestOf, makeLink, makeToken } from './people/one-time-link.ts'
import { startSession } from './people/start-session.ts'
import { elsewhere, type Made, type Step, steps } from './testing/account-api/changing-steps.ts'
import { asObject } from './testing/account-api/json.ts'
import { dialectsOfRun } from './testing/database.ts'
import { makeMember, type TestMember } from './testing/member.ts'
import { createWorld, type World } from './testing/world.ts'

test('every operation that changes something is a step of this test', async () => {
  const world = await createWorld()
  const { paths } = asObject(world.app.openapi())
  const changing = Object.entries(asObject(paths)).flatMap(([path, methods]) =>
    Object.keys(asObject(methods))
      .filter((method) => !['get', 'head', 'options'].includes(method))
      .map((method) => `${method.toUpperCase()} ${path}`),
  )
  assert.ok(changing.length > 25)
  assert.deepEqual(
    changing.filter((operation) => !elsewhere.has(operation)).toSorted(),
    steps.map((step) => step.operation).toSorted(),
  )
  await world.close()
})

for (const dialect of dialectsOfRun) {
  test(`${dialect}: each changes nothing when its entry cannot be written, and else leaves it with who, when and from where`, async () => {
    const world = await createWorld({ dialect })
    const { db } = world.database
    const production = { environment: 'production', scopes: ['account_write'] } as const
    const operating = {
      environment: 'production',
      accountId: 'us',
      operator: true,
      scopes: ['operator'],
    } as const
    const callers = {
      test: await call(world, { scopes: ['account_write'] }),
      production: await call(world, production),
      operator: await call(world, operating),
    }
    await world.app.lastUsed.flush()
    const member = await makeMember(world, { accountId: 'plain' })
    const other = await makeMember(world, { accountId: 'plain', role: 'developer' })
    await db.updateTable('account').set({ production: 'none' }).where('id', '=', 'plain').execute()
    await world.makeClient({ accountId: 'plain', clientId: 'test-plain-client-1' })
    await startSession(world.app.people.auth, member, { headers: new Headers() })
    const spare = await db
      .selectFrom('person_session')
      .select('id')
      .where('person_id', '=', member.personId)
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow()
    const guest = await makeMember(world, { accountId: 'plain', role: 'viewer' })
    const ids = { memberId: other.memberId, sessionId: spare.id }
    const people = new Map<Step['by'], TestMember>([
      ['member', member],
      ['guest', guest],
    ])
    const tokens = await makeTokens(world, member.memberId)
    const made: Made = { clientId: '', secret: '', secretId: '', ids, tokens }
    const headersOf = (by: Step['by'], token: string): Record<string, string> => {
      if (by === 'anybody') return { origin: world.url }
      return people.get(by)?.headers ?? { authorization: `Bearer ${token}` }
    }
    for (const step of steps) {
      const environment = step.operation.endsWith('/copies') ? 'production' : 'test'
      const caller = step.by === 'operator' ? callers.operator : callers[environment]
      const send = () => world.inject(requestOf(step, environment, headersOf(step.by, caller.token), made))

      const before = await dump(world)
      const head = await db.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow()
      await db.deleteFrom('audit_head').execute()
      const failed = await send()
      await db.insertInto('audit_head').values(head).execute()
      assert.equal(failed.statusCode, 500, `${step.operation}: ${failed.body}`)
      assert.deepEqual(await dump(world), before, `${step.operation} left something without its entry`)

      const answer = await send()
      assert.ok(answer.statusCode < 300, `${step.operation}: ${answer.statusCode} ${answer.body}`)
      const entries = await db
        .selectFrom('audit')
        .selectAll()
        .where('seq', '>', head.seq)
        .orderBy('seq')
        .execute()
      assert.equal(entries.length, step.entries, step.operation)
      for (const entry of entries) {
        assert.equal(entry.request_id, answer.headers['request-id'], step.operation)
        assert.deepEqual([entry.address, entry.at], ['192.0.2.7', world.clock.now()], step.operation)
        const person = people.get(step.by)
        const actor = person ? ['member', person.memberId] : ['client', caller.clientId]
        if (step.by !== 'anybody') assert.deepEqual([entry.actor_kind, entry.actor_id], actor)
        if (!silent.has(entry.action)) assert.notEqual(entry.before, entry.after, step.operation)
        assert.match(entry.action, /^[a-z_]+\.[a-z_]+$/)
      }
      step.learn?.(answer.body === '' ? {} : answer.json(), made)
      const secrets = [made.secret, callers.test.secret].filter((secret) => secret !== '')
      const text = JSON.stringify(entries)
      for (const secret of secrets)
        assert.ok(!text.includes(secret.slice(-30)), `${step.operation} keeps a secret`)
      world.clock.advance(1000)
    }
    assert.equal((await verifyAudit(db)).fault, undefined)
    await world.close()
  })
}

async function call(world: World, wish: Parameters<World['makeClient']>[0] & { scopes: readonly string[] }) {
  const made = await world.makeClient(wish)
  return { clientId: made.clientId, secret: made.clientSecret, token: await world.token(wish.scopes, made) }
}

/** Links that nobody has used: to the account plain, and to operate. */
async function makeTokens(world: World, invitedBy: string): Promise<Made['tokens']> {
  const nowMs = world.clock.now()
  const lifetimeMs = 3_600_000
  const token = makeToken()
  const { db } = world.database
  const invitation = {
    ...{ id: world.newId('inv'), accountId: 'plain', email: 'new@plain.example', role: 'viewer' as const },
    ...{ invitedBy, createdAt: nowMs, expiresAt: nowMs + lifetimeMs },
  }
  await insertInvitation(db, invitation, digestOf(token))
  const wish = { purpose: 'set_up_operator' as const, accountId: 'operators', nowMs, lifetimeMs }
  return { invitation: token, setUp: await makeLink(db, wish) }
}

/** That it happened is all there is to say. */
const silent = new Set(['invitation.withdrawn', 'member.session_ended', 'member.signed_out_everywhere'])

function requestOf(
  { operation, body, ids: named }: Step,
  environment: string,
  credentials: Record<string, string>,
  made: Made,
) {
  const [method, path = ''] = operation.split(' ')
  const ids: Record<string, string> = {
    ...{ environment, apiId: 'parcels', scope: 'parcel_read', accountId: 'shop' },
    ...{ clientId: made.clientId, secretId: made.secretId, ...made.ids, ...named },
  }
  const payload = typeof body === 'function' ? body(made) : body
  return {
    method: method === 'PATCH' || method === 'PUT' || method === 'DELETE' ? method : ('POST' as const),
    url: path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(ids[name] ?? '')),
    remoteAddress: '192.0.2.7',
    headers: { 'if-match': '*', ...credentials },
    ...(payload && { payload }),
  }
}

/** Everything that a change can touch. The rest is the trail itself, and what nodes note for themselves. */
const changeable = [
  ...(['account', 'account_scope', 'api', 'change_log', 'client', 'client_secret', 'document'] as const),
  ...(['event', 'idempotent_answer', 'identification_session', 'revocation', 'scope'] as const),
  ...([
    'signing_key',
    'used_proof',
    'wrapped_secret',
    'person',
    'person_session',
    'person_credential',
  ] as const),
  ...([
    'person_verification',
    'person_two_factor',
    'person_device_code',
    'member',
    'invitation',
    'one_time_link',
  ] as const),
  ...(['production_request'] as const),
]
const others = ['audit', 'audit_head', 'lease', 'migration', 'migration_lock', 'node']

async function dump({ database: { db, dialect } }: World): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {}
  for (const table of changeable) {
    const rows: object[] = await db.selectFrom(table).selectAll().execute()
    tables[table] = rows.map((row) => JSON.stringify(row)).toSorted()
  }
  // On PostgreSQL activity is in the same database.
  if (dialect === 'sqlite') {
    const names = (await db.introspection.getTables()).map((table) => table.name)
    assert.deepEqual(
      names.toSorted(),
      [...changeable, ...others].toSorted(),
      'a new table has its place here',
    )
  }
  return tables
}
