// Clients in every state that a check asks for, written to the database as rows.
import { hashSecret } from '../server/clients/secret.ts'
import { insertClient, insertSecret } from '../server/clients/store.ts'
import type { World } from '../server/testing/world.ts'
import { ordersApi } from './own-apis.ts'
import type { Credentials, KnownClient } from './target.ts'

const builtInScopes = ['document_read', 'document_write', 'document_file', 'event', 'identify']
const accountScopes = ['account_read', 'account_write']
const orderScopes = ordersApi.scopes.map((scope) => scope.name)

export async function makeSpecialClients(world: World) {
  const make = async (scopes: readonly string[], wish: object = {}): Promise<KnownClient> => ({
    ...(await world.makeClient({ scopes, ...wish })),
    scopes: [...scopes],
  })
  const now = world.clock.now()
  const client = await make(builtInScopes)
  const disabled = await make(builtInScopes)
  await world.database.db
    .updateTable('client')
    .set({ disabled_at: now })
    .where('id', '=', disabled.clientId)
    .execute()
  return {
    client,
    clients: {
      withoutScopes: onlyCredentials(await make([])),
      production: await make([...builtInScopes, ...orderScopes], { environment: 'production' }),
      disabled: onlyCredentials(disabled),
      expiredSecret: onlyCredentials(await make(builtInScopes, { expiresAt: now - 1000 })),
      reservedCharacters: await makeNamed(world, 'a:b', 'p+q%/ø'),
      secretWithColons: await makeNamed(world, 'test-colons', ':first:and:last:'),
      tenScopes: await make([...builtInScopes, ...orderScopes]),
      dpopBound: await make(builtInScopes, { set: { dpopBound: true } }),
      certificateBound: await make(builtInScopes, { set: { certificateBound: true } }),
      account: await make(accountScopes),
      productionAccount: await make(accountScopes, { environment: 'production' }),
      operator: await make(['operator'], {
        environment: 'production',
        accountId: 'operators',
        operator: true,
      }),
    },
  }
}

function onlyCredentials({ clientId, clientSecret }: Credentials): Credentials {
  return { clientId, clientSecret }
}

/** Ids and secrets that we never make, but that an older server may have made. */
async function makeNamed(world: World, clientId: string, clientSecret: string): Promise<Credentials> {
  const { db } = world.database
  const now = world.clock.now()
  const facts = { accountId: 'acme', name: 'Brought over' }
  await insertClient(
    db,
    { ...facts, id: clientId, environment: 'test', scopes: builtInScopes, tokenLifetimeSeconds: 3600 },
    now,
  )
  const hash = hashSecret(world.app.pepper, clientSecret)
  const id = world.newId('sec')
  await insertSecret(db, { ...facts, id, clientId, hash, hint: clientSecret.slice(-4), expiresAt: null }, now)
  return { clientId, clientSecret }
}
