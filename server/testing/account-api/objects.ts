// The registry of real objects: one entry for each name that stands in a path of the account API.
import assert from 'node:assert/strict'
import { findAccount, putAccount } from '../../accounts/store.ts'
import { recordAudit } from '../../audit.ts'
import { makeClientId } from '../../clients/client-id.ts'
import type { Environment } from '../../vocabulary/environment.ts'
import type { Owner } from '../../vocabulary/owner.ts'
import { type TestClient, tokenRequest, type World } from '../world.ts'
import { type ContentObjects, makeContentObjects } from './content-objects.ts'
import { makePeopleObjects, type PeopleObjects } from './people-objects.ts'

/** What one account has in one environment, by the name of the path parameter. */
export interface Objects {
  owner: Owner
  ids: Readonly<Record<string, string>>
  /** Texts that nobody else may ever see. */
  canaries: readonly string[]
}

interface Made {
  owner: Owner
  client: TestClient
  secretId: string
  requestId: string
  /** Of the test environment, whatever the owner's is. */
  testClient: TestClient
  /** An account of its own, so that a withdrawn approval concerns nobody else. */
  accountId: string
  apiId: string
  scope: string
  people: PeopleObjects
  contents: ContentObjects
}

interface PathParameter {
  /** Whether it belongs to an environment of an account, an account, the whole deployment, or one person alone. */
  belongsTo: 'environment' | 'account' | 'deployment' | 'person'
  real: (made: Made) => string
  /** One that is well-formed and does not exist. */
  missing: (world: World, environment: Environment) => string
}

/** By the name in a path, or of a member of a body that names something. */
export const pathParameters: Readonly<Record<string, PathParameter>> = {
  clientId: {
    belongsTo: 'environment',
    real: ({ client }) => client.clientId,
    missing: (_world, environment) => makeClientId(environment),
  },
  secretId: {
    belongsTo: 'environment',
    real: ({ secretId }) => secretId,
    missing: (world) => world.newId('sec'),
  },
  requestId: {
    belongsTo: 'environment',
    real: ({ requestId }) => requestId,
    missing: (world) => world.newId('req'),
  },
  fromClientId: {
    belongsTo: 'account',
    real: ({ testClient }) => testClient.clientId,
    missing: () => makeClientId('test'),
  },
  accountId: {
    belongsTo: 'deployment',
    real: ({ accountId }) => accountId,
    missing: () => 'nobody-here',
  },
  sessionId: {
    belongsTo: 'person',
    real: ({ people }) => people.sessionId,
    missing: (world) => world.newId('ses'),
  },
  memberId: {
    belongsTo: 'account',
    real: ({ people }) => people.memberId,
    missing: (world) => world.newId('mem'),
  },
  invitationId: {
    belongsTo: 'account',
    real: ({ people }) => people.invitationId,
    missing: (world) => world.newId('inv'),
  },
  documentId: {
    belongsTo: 'environment',
    real: ({ contents }) => contents.documentId,
    missing: (world) => world.newId('doc'),
  },
  eventId: {
    belongsTo: 'environment',
    real: ({ contents }) => contents.eventId,
    missing: (world) => world.newId('evt'),
  },
  identificationId: {
    belongsTo: 'environment',
    real: ({ contents }) => contents.identificationId,
    missing: (world) => world.newId('idn'),
  },
  apiId: { belongsTo: 'deployment', real: ({ apiId }) => apiId, missing: () => 'no-such-api' },
  scope: { belongsTo: 'deployment', real: ({ scope }) => scope, missing: () => 'no_such_scope' },
}

/** @throws {AssertionError} for a parameter that nobody entered above. */
export function pathParameter(name: string): PathParameter {
  const found = pathParameters[name]
  assert.ok(found, `server/testing/account-api/objects.ts has no object for the path parameter ${name}`)
  return found
}

let made = 0

/** A new object of each kind. */
export async function makeObjects(world: World, owner: Owner): Promise<Objects> {
  const { db } = world.database
  const { accountId, environment } = owner
  made += 1
  const name = `hidden-${accountId}-${environment}-${made}`
  if (!(await findAccount(db, accountId)))
    await putAccount(db, { id: accountId, name: accountId, production: 'approved' }, world.clock.now())
  const client = await world.makeClient({ accountId, environment, set: { name } })
  const testClient = await world.makeClient({ accountId, set: { name: `${name}-to-copy` } })
  const secret = await db
    .selectFrom('client_secret')
    .select('id')
    .where('client_id', '=', client.clientId)
    .executeTakeFirstOrThrow()
  const asked = await world.inject(tokenRequest(client, 'grant_type=client_credentials&scope=event'))
  assert.equal(asked.statusCode, 200, asked.body)
  const apiId = `api-${made}`
  const scope = `thing_${made}`
  const at = world.clock.now()
  await db
    .insertInto('api')
    .values({
      id: apiId,
      name: apiId,
      audience_production: `https://${apiId}.example`,
      audience_test: `https://test.${apiId}.example`,
      built_in: 0,
      created_at: at,
    })
    .execute()
  const row = {
    name: scope,
    api_id: apiId,
    description: 'Read things',
    access: 'granted',
    created_at: at,
  } as const
  await db.insertInto('scope').values(row).execute()
  const other = `account-${made}`
  await putAccount(db, { id: other, name: other, production: 'none' }, at)
  await db.insertInto('account_scope').values({ account_id: other, scope, created_at: at }).execute()
  await world.app.catalogue.reload()
  await db.transaction().execute((tx) =>
    recordAudit(
      tx,
      {
        ...owner,
        actor: { kind: 'system', id: 'set-up', address: null, requestId: null },
        action: 'client.created',
        object: { kind: 'client', id: client.clientId },
        before: null,
        after: { name },
      },
      world.newId,
      at,
    ),
  )
  const people = await makePeopleObjects(world, accountId, name)
  const contents = await makeContentObjects(world, owner, client.clientId, name)
  const requestId = String(asked.headers['request-id'])
  const all: Made = {
    owner,
    client,
    testClient,
    accountId: other,
    secretId: secret.id,
    requestId,
    apiId,
    scope,
    people,
    contents,
  }
  const ids = Object.fromEntries(Object.entries(pathParameters).map(([key, { real }]) => [key, real(all)]))
  return {
    owner,
    ids,
    canaries: [`${name}"`, client.clientId, secret.id, requestId, client.clientSecret, people.email],
  }
}

/** Ids that nothing has. */
export function missingObjects(world: World, owner: Owner): Objects {
  const ids = Object.fromEntries(
    Object.entries(pathParameters).map(([key, { missing }]) => [key, missing(world, owner.environment)]),
  )
  return { owner, ids, canaries: [] }
}
