// A member who is signed in, for tests: a person of his own, in an account, with a session of better-auth.
import type { InjectOptions } from 'fastify'
import { findAccount, putAccount } from '../accounts/store.ts'
import { hashPassword } from '../people/passwords.ts'
import { insertPerson } from '../people/person-store.ts'
import { startSession } from '../people/start-session.ts'
import type { Role } from '../vocabulary/permission.ts'
import type { Answer } from './account-caller.ts'
import type { World } from './world.ts'

export interface MemberWish {
  accountId?: string
  role?: Role
  /** Makes the account that of those who run this Latchkey. */
  operator?: boolean
  email?: string
  password?: string
  name?: string
}

export interface TestMember {
  memberId: string
  personId: string
  email: string
  password: string
  /** What his browser sends with each request. */
  headers: { cookie: string; origin: string }
  /** Calls this path, e.g. `/account/test/api-clients`, as his browser does. */
  call: (method: Method, url: string, body?: object, headers?: Record<string, string>) => Promise<Answer>
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

let made = 0

/** A hash takes a tenth of a second: one for each password. */
const hashes = new Map<string, Promise<string>>()

function hashNow(password: string): Promise<string> {
  const hash = hashPassword(password)
  hashes.set(password, hash)
  return hash
}

/** Makes a person with a confirmed address, signs him in, and makes him a member. */
export async function makeMember(world: World, wish: MemberWish = {}): Promise<TestMember> {
  made += 1
  const { accountId = 'acme', role = 'owner', operator, password = 'correct horse battery' } = wish
  const { email = `person-${made}@${accountId}.example` } = wish
  const { db } = world.database
  if (operator || !(await findAccount(db, accountId))) {
    const account = { id: accountId, name: accountId, production: 'approved' as const }
    await putAccount(db, { ...account, ...(operator && { operator }) }, world.clock.now())
  }
  const nowMs = world.clock.now()
  const name = wish.name ?? `Person ${made}`
  const hash = await (hashes.get(password) ?? hashNow(password))
  const memberId = world.newId('mem')
  const personId = await db.transaction().execute(async (tx) => {
    const person = await insertPerson(tx, { name, email, hash, confirmed: true }, world.newId)
    if (!person) throw new Error('There is such a person.')
    const row = { id: memberId, account_id: accountId, person_id: person.personId, role }
    await tx
      .insertInto('member')
      .values({ ...row, created_at: nowMs })
      .execute()
    return person.personId
  })
  const started = await startSession(world.app.people.auth, { email, password }, { headers: new Headers() })
  const cookie = cookiesOf(started.cookies.getSetCookie())
  const browser = { cookie, origin: world.url }
  return {
    memberId,
    personId,
    email,
    password,
    headers: browser,
    call: (method, url, body, more = {}) =>
      send(world, { method, url, headers: { ...browser, ...more } }, body),
  }
}

/** The Cookie header that a browser makes of these. */
export function cookiesOf(setCookies: readonly string[]): string {
  return setCookies.map((cookie) => cookie.slice(0, cookie.indexOf(';'))).join('; ')
}

async function send(world: World, request: InjectOptions, body: object | undefined): Promise<Answer> {
  const answer = await world.inject({ ...request, ...(body !== undefined && { payload: body }) })
  return {
    status: answer.statusCode,
    headers: answer.headers,
    etag: String(answer.headers.etag ?? ''),
    body: answer.body === '' ? undefined : answer.json(),
    text: answer.body,
  }
}
