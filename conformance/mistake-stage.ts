// A whole Latchkey, and an API elsewhere that takes production tokens alone, for making mistakes at.
import { join } from 'node:path'
import { sql } from 'kysely'
import { putApi } from '../server/catalogue/put-api.ts'
import { openSqlite } from '../server/database/sqlite.ts'
import { basic, createWorld, type TestClient, type World } from '../server/testing/world.ts'
import { openFetchingApi, ordersApi } from './own-apis.ts'

export interface Answered {
  status: number
  headers: Headers
  body: Record<string, unknown>
  /** False: an API elsewhere answered, which has no request ids of ours. */
  isOurs: boolean
}

export interface MistakeStage {
  /** A test client with the scopes document_read, event, identify and order_read. */
  client: TestClient
  makeClient: (scopes: readonly string[]) => Promise<TestClient>
  /** POST to the token endpoint. @param options `authorization` null: without the header. */
  askToken: (body: string, options?: AskOptions) => Promise<Answered>
  /** GET at an API. */
  call: (path: string, authorization: string | undefined) => Promise<Answered>
  /** A good token of the client. */
  token: (scope: string) => Promise<string>
  /** One that expired 42 seconds ago. */
  expiredToken: () => Promise<string>
  callProductionApi: (token: string) => Promise<Answered>
  /** The first token request beyond the quota. */
  exhaustQuota: () => Promise<Answered>
  /** A change while the database cannot be written. */
  callWithoutDatabase: () => Promise<Answered>
  close: () => Promise<void>
}

interface AskOptions {
  authorization?: string | null
  secret?: string
  type?: string
  client?: TestClient
}

const form = 'application/x-www-form-urlencoded'
const quota = 10

export async function openMistakeStage(): Promise<MistakeStage> {
  const settings = { LATCHKEY_TOKEN_QUOTA: String(quota), LATCHKEY_TOKEN_QUOTA_MODE: 'refuse' }
  const world = await createWorld({ settings })
  const url = await world.listen()
  await putApi(world.database.db, ordersApi, false, world.clock.now())
  await world.app.catalogue.reload()
  const makeClient = (scopes: readonly string[]) => world.makeClient({ scopes })
  const scopes = ['document_read', 'event', 'identify', 'order_read']
  const client = await makeClient(scopes)
  const elsewhere = await openFetchingApi(
    { issuer: `${url}/oauth`, jwksUri: `${url}/oauth/jwks` },
    world.clock.now,
  )

  async function askToken(body: string, options: AskOptions = {}): Promise<Answered> {
    const { authorization, secret, type = form, client: who = client } = options
    const credentials = secret === undefined ? who : { ...who, clientSecret: secret }
    const headers = new Headers({ 'content-type': type })
    if (authorization !== null) headers.set('authorization', authorization ?? basic(credentials))
    return read(await fetch(`${url}/oauth/connect/token`, { method: 'POST', headers, body }), true)
  }

  /** A client of its own for each: the quota is for the mistake that is about it. */
  async function token(scope: string): Promise<string> {
    const { body } = await askToken(`grant_type=client_credentials&scope=${scope}`, {
      client: await makeClient(scopes),
    })
    return String(body.access_token)
  }

  const call = async (path: string, authorization: string | undefined) =>
    read(await fetch(url + path, { headers: authorization === undefined ? {} : { authorization } }), true)

  return {
    client,
    makeClient,
    askToken,
    call,
    token,
    async expiredToken() {
      const made = await token('event')
      world.clock.advance((3600 + 42) * 1000)
      return made
    },
    callProductionApi: async (made) =>
      read(await fetch(elsewhere.call.url, { headers: { authorization: `Bearer ${made}` } }), false),
    async exhaustQuota() {
      const busy = await makeClient(['event'])
      const ask = () => askToken('grant_type=client_credentials&scope=event', { client: busy })
      for (let count = 0; count < quota; count += 1) await ask()
      return ask()
    },
    callWithoutDatabase: async () => whileLocked(world, await token('identify')),
    async close() {
      await elsewhere.close()
      await world.close()
    },
  }
}

/** Another connection holds the lock of the embedded database: no change gets through. */
async function whileLocked({ url, dataDir, database }: World, token: string): Promise<Answered> {
  // The server would wait for five seconds.
  await sql`pragma busy_timeout = 20`.execute(database.db)
  const other = openSqlite(join(dataDir, 'main.db'))
  other.exec('begin immediate')
  try {
    const answer = await fetch(`${url}/identification/sessions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    })
    return await read(answer, true)
  } finally {
    other.exec('rollback')
    other.close()
    await sql`pragma busy_timeout = 5000`.execute(database.db)
  }
}

async function read(answer: Response, isOurs: boolean): Promise<Answered> {
  return { status: answer.status, headers: answer.headers, body: await answer.json(), isOurs }
}
