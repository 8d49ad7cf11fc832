// No gap in the audit trail: each operation that changes something does it together with its entry, or not at all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyAudit } from './activity/audit-verification.ts'
import { startSession } from './people/start-session.ts'
import { asObject } from './testing/account-api/json.ts'
import { dialectsOfRun } from './testing/database.ts'
import { makeMember } from './testing/member.ts'
import { createWorld, type World } from './testing/world.ts'

/** What earlier steps made. */
interface Made {
  clientId: string
  /** The secret that the client came with, and one that was added. */
  secret: string
  secretId: string
  /** What else stands in paths. */
  ids: Record<string, string>
}

interface Step {
  /** Method and path, as the OpenAPI document has them. */
  operation: string
  by: 'account' | 'operator' | 'member' | 'anybody'
  body?: object | ((made: Made) => object)
  /** How many entries it leaves. */
  entries: number
  /** What its path names, where it is not what the other steps name. */
  ids?: Record<string, string>
  learn?: (answer: Record<string, unknown>, made: Made) => void
}

const client = '/account/{environment}/api-clients/{clientId}'
const scope = '/account/apis/{apiId}/scopes/{scope}'
const account = '/account/accounts/{accountId}'

/** Each operation that changes something, in an order in which each finds what it changes. */
const steps: readonly Step[] = [
  {
    operation: 'POST /account/apis',
    by: 'operator',
    body: {
      ...{ id: 'parcels', name: 'Parcels' },
      audiences: { test: 'https://test.parcels.example', production: 'https://parcels.example' },
    },
    entries: 1,
  },
  { operation: 'PATCH /account/apis/{apiId}', by: 'operator', body: { name: 'All parcels' }, entries: 1 },
  {
    operation: 'POST /account/apis/{apiId}/scopes',
    by: 'operator',
    body: { name: 'parcel_read', description: 'Read parcels', access: 'granted' },
    entries: 1,
  },
  { operation: `PATCH ${scope}`, by: 'operator', body: { description: 'Read all parcels' }, entries: 1 },
  { operation: 'POST /account/accounts', by: 'operator', body: { id: 'shop', name: 'Shop' }, entries: 1 },
  { operation: `PATCH ${account}`, by: 'operator', body: { name: 'The shop' }, entries: 1 },
  { operation: `POST ${account}/approve-production`, by: 'operator', entries: 1 },
  { operation: `POST ${account}/withdraw-production`, by: 'operator', entries: 1 },
  { operation: `PUT ${account}/scopes/{scope}`, by: 'operator', entries: 1 },
  { operation: `DELETE ${account}/scopes/{scope}`, by: 'operator', entries: 1 },
  { operation: `POST ${scope}/deprecate`, by: 'operator', body: { note: 'Use event.' }, entries: 1 },
  { operation: `POST ${scope}/retire`, by: 'operator', body: { force: true }, entries: 1 },
  { operation: `POST ${scope}/restore`, by: 'operator', entries: 1 },
  { operation: 'DELETE /account/apis/{apiId}', by: 'operator', entries: 1 },
  {
    operation: 'POST /account/{environment}/api-clients',
    by: 'account',
    body: { name: 'One', scopes: ['event'] },
    entries: 2,
    learn(answer, made) {
      made.clientId = String(asObject(answer.client).id)
      made.secret = String(asObject(answer.secret).secret ?? asObject(answer.secret).value)
    },
  },
  { operation: `PATCH ${client}`, by: 'account', body: { name: 'Another' }, entries: 1 },
  { operation: `POST ${client}/disable`, by: 'account', entries: 1 },
  { operation: `POST ${client}/enable`, by: 'account', entries: 1 },
  { operation: `POST ${client}/revoke-tokens`, by: 'account', entries: 1 },
  {
    operation: `POST ${client}/secrets`,
    by: 'account',
    body: { name: 'second' },
    entries: 1,
    learn(answer, made) {
      made.secretId = String(answer.id ?? asObject(answer.secret).id)
    },
  },
  {
    operation: `PATCH ${client}/secrets/{secretId}`,
    by: 'account',
    body: { name: 'the second' },
    entries: 1,
  },
  { operation: `POST ${client}/secrets/{secretId}/revoke`, by: 'account', entries: 1 },
  { operation: 'POST /report-leaked-secret', by: 'anybody', body: ({ secret }) => ({ secret }), entries: 1 },
  { operation: `DELETE ${client}`, by: 'account', entries: 1 },
  { operation: `POST ${client}/restore`, by: 'account', entries: 1 },
  {
    operation: 'POST /account/{environment}/api-clients/copies',
    by: 'account',
    body: ({ clientId }) => ({ fromClientId: clientId }),
    entries: 2,
  },
  { operation: 'POST /account/signing-keys/rotate', by: 'operator', entries: 2 },
  { operation: 'PATCH /account', by: 'member', body: { name: 'Plainly' }, entries: 1 },
  {
    operation: 'POST /account/invitations',
    by: 'member',
    body: { email: 'guest@plain.example', role: 'viewer' },
    entries: 1,
    learn(answer, made) {
      made.ids.invitationId = String(answer.id)
    },
  },
  { operation: 'DELETE /account/invitations/{invitationId}', by: 'member', entries: 1 },
  { operation: 'PATCH /account/members/{memberId}', by: 'member', body: { role: 'viewer' }, entries: 1 },
  { operation: 'DELETE /account/members/{memberId}', by: 'member', entries: 1 },
  {
    operation: 'POST /account/production-request',
    by: 'member',
    body: { company: 'Plain Ltd', purpose: 'To bill' },
    entries: 1,
  },
  {
    operation: `POST ${account}/decline-production`,
    by: 'operator',
    ids: { accountId: 'plain' },
    body: { note: 'Too plain.' },
    entries: 1,
  },
  {
    operation: `POST ${client}/try`,
    by: 'member',
    ids: { clientId: 'test-plain-client-1' },
    body: { scope: 'event' },
    entries: 1,
  },
  { operation: 'PATCH /account/person', by: 'member', body: { name: 'Ada' }, entries: 1 },
  { operation: 'DELETE /account/sessions/{sessionId}', by: 'member', entries: 1 },
  { operation: 'POST /account/sign-out-everywhere', by: 'member', entries: 1 },
]

/** Of other slices: their tests prove their entries, or they change nothing that an account has set. */
const elsewhere = new Set([
  'POST /oauth/connect/token',
  'POST /oauth/connect/introspect',
  'POST /oauth/connect/revocation',
  'POST /signature/documents',
  'POST /identification/sessions',
  // What people do with their sign-in: server/people/ tests it, mail and cookies included.
  'POST /account/sign-up',
  'POST /account/sign-in',
  'POST /account/sign-in/two-factor',
  'POST /account/sign-out',
  'POST /account/password-reset',
  'POST /account/password-reset/complete',
  'POST /account/email-confirmation',
  'POST /account/email-confirmation/complete',
  'POST /account/invitations/look',
  'POST /account/invitations/accept',
  'POST /account/set-up/look',
  'POST /account/set-up/complete',
  'POST /account/session/account',
  'POST /account/leave',
  'POST /account/password',
  'POST /account/two-factor',
  'POST /account/two-factor/confirm',
  'POST /account/two-factor/off',
  'POST /account/two-factor/recovery-codes',
])

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
    const ids = { memberId: other.memberId, sessionId: spare.id }
    const made: Made = { clientId: '', secret: '', secretId: '', ids }
    for (const step of steps) {
      const environment = step.operation.endsWith('/copies') ? 'production' : 'test'
      const caller = step.by === 'operator' ? callers.operator : callers[environment]
      const send = () =>
        world.inject(
          requestOf(
            step,
            environment,
            step.by === 'member' ? member.headers : { authorization: `Bearer ${caller.token}` },
            made,
          ),
        )

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
        const actor = step.by === 'member' ? ['member', member.memberId] : ['client', caller.clientId]
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

/** That it happened is all there is to say. */
const silent = new Set(['invitation.withdrawn', 'member.session_ended', 'member.signed_out_everywhere'])

function requestOf(
  { operation, by, body, ids: named }: Step,
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
    headers: { 'if-match': '*', ...(by !== 'anybody' && credentials) },
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
  ...(['person_verification', 'person_two_factor', 'member', 'invitation', 'one_time_link'] as const),
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
