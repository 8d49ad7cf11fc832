import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createAddresses } from './addresses.ts'
import { makeAssertionKey } from './assertions.ts'
import { attempts } from './forged-assertions.ts'
import { createWorld } from './world.ts'

/** No assertion makes the server fail, and none that is not whole and right gets a token. */
export async function proveAssertions(runs: number): Promise<void> {
  const world = await createWorld()
  const key = makeAssertionKey()
  const jwks = { keys: [key.jwk] }
  const { clientId } = await world.makeClient({ set: { authenticationMethods: ['private_key_jwt'], jwks } })
  const nextAddress = createAddresses()
  let passed = 0
  await fc.assert(
    fc.asyncProperty(attempts(world, clientId, key), async ({ payload, mayPass }) => {
      const answer = await world.inject({
        method: 'POST',
        url: '/oauth/connect/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload,
        remoteAddress: nextAddress(),
      })
      if (answer.statusCode === 200) passed += 1
      const allowed = mayPass ? [200, 401] : [400, 401]
      assert.ok(allowed.includes(answer.statusCode), `${answer.statusCode} ${answer.body}`)
      if (answer.statusCode !== 200) assert.match(answer.json().error, /^invalid_(client|request)$/)
    }),
    { numRuns: runs },
  )
  assert.ok(passed > runs / 50, `${passed} good ones passed, so the others were almost right`)
  await world.close()
}
