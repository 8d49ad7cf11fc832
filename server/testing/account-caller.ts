// Calls of the account API in tests: as a client of an account whose token manages its environment.
import type { InjectOptions } from 'fastify'
import type { Environment } from '../vocabulary/environment.ts'
import type { TestClient, World } from './world.ts'

export interface AccountTestCaller {
  /** The client that calls. */
  client: TestClient
  token: string
  /** Calls `/account/{environment}` and this path with its token. */
  call: (method: Method, path: string, body?: object, headers?: Record<string, string>) => Promise<Answer>
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

export interface Answer {
  status: number
  headers: Record<string, unknown>
  etag: string
  /** Of whatever shape the test looks for. */
  body: ReturnType<typeof JSON.parse>
  text: string
}

export interface CallerWish {
  accountId?: string
  environment?: Environment
  scopes?: readonly string[]
  operator?: boolean
}

/** A caller that may read and write, unless the wish says otherwise. */
export async function makeAccountCaller(world: World, wish: CallerWish = {}): Promise<AccountTestCaller> {
  const { environment = 'test', scopes = ['account_read', 'account_write'] } = wish
  const client = await world.makeClient({ ...wish, environment, scopes })
  const token = await world.token(scopes, client)
  return {
    client,
    token,
    async call(method, path, body, headers = {}) {
      const request: InjectOptions = {
        method,
        url: `/account/${environment}${path}`,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body !== undefined && { payload: body }),
      }
      const answer = await world.inject(request)
      return {
        status: answer.statusCode,
        headers: answer.headers,
        etag: String(answer.headers.etag ?? ''),
        body: answer.body === '' ? undefined : answer.json(),
        text: answer.body,
      }
    },
  }
}

/** What the audit trail says of clients and their secrets, oldest first. */
export async function clientTrail(world: World) {
  const rows = await world.database.db
    .selectFrom('audit')
    .selectAll()
    .where('object_kind', 'in', ['client', 'secret'])
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({
    action: row.action,
    id: row.object_id,
    version: row.object_version,
    by: `${row.actor_kind} ${row.actor_id}`,
    before: row.before === null ? null : JSON.parse(row.before),
    after: row.after === null ? null : JSON.parse(row.after),
  }))
}
