// The row that every guarded operation has: refused without, with a broken and with a foreign token.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { sharedWorld } from './shared-world.ts'

export interface GuardedOperation {
  method: 'GET' | 'POST'
  url: string
  scope: string
  /** A scope that does not open it. */
  otherScope: string
}

/** Declares a test for each way in which the guard refuses this operation (RFC 6750 §3.1). */
export function testGuard(operation: GuardedOperation): void {
  const name = `${operation.method} ${operation.url}`
  describe(name, () => {
    const shared = sharedWorld()
    const call = (headers: InjectOptions['headers']) =>
      shared().inject({ method: operation.method, url: operation.url, headers: headers ?? {} })

    test(`${name} without a token answers 401 with a bare challenge`, async () => {
      const answer = await call({})
      assert.equal(answer.statusCode, 401)
      assert.match(
        String(answer.headers['www-authenticate']),
        /^Bearer realm="[^"]+", resource_metadata="[^"]+"$/,
      )
      assert.equal(answer.headers['content-type'], 'application/problem+json')
      assert.equal(answer.json().requestId, answer.headers['request-id'])
    })

    test(`${name} with an expired token answers 401 and says since when`, async () => {
      const world = shared()
      const token = await world.token([operation.scope], { tokenLifetimeSeconds: 60 })
      world.clock.advance((60 + 42) * 1000)
      const answer = await call({ authorization: `Bearer ${token}` })
      assert.equal(answer.statusCode, 401)
      assert.match(String(answer.headers['www-authenticate']), /error="invalid_token"/)
      assert.match(answer.json().detail, /^The token expired 42 seconds ago\./)
    })

    test(`${name} with the scope ${operation.otherScope} alone answers 403 and leads to the fix`, async () => {
      const world = shared()
      const client = await world.makeClient()
      const token = await world.token([operation.otherScope], client)
      const answer = await call({ authorization: `Bearer ${token}` })
      assert.equal(answer.statusCode, 403)
      assert.match(
        String(answer.headers['www-authenticate']),
        new RegExp(`error="insufficient_scope".*scope="${operation.scope}"`),
      )
      const body = answer.json()
      assert.deepEqual([body.required, body.granted], [operation.scope, [operation.otherScope]])
      assert.equal(
        body.detail,
        `This call needs ${operation.scope}. Your token has ${operation.otherScope}. Add the scope to the client, save, then request a new token: old tokens do not change.`,
      )
      assert.equal(
        body.fixUrl,
        `${world.url}/test/account/api-clients/${client.clientId}/edit?advanced=1&scope=${operation.scope}#scopes`,
      )
      const page = await world.inject({ url: body.fixUrl.slice(world.url.length).split('#')[0] })
      assert.equal(page.statusCode, 200)
    })

    test(`${name} with the token of a disabled client answers 401`, async () => {
      const world = shared()
      const client = await world.makeClient()
      const token = await world.token([operation.scope], client)
      await world.database.db
        .updateTable('client')
        .set({ disabled_at: world.clock.now() })
        .where('id', '=', client.clientId)
        .execute()
      world.app.clients.forget(client.clientId)
      const answer = await call({ authorization: `Bearer ${token}` })
      assert.equal(answer.statusCode, 401)
    })
  })
}
