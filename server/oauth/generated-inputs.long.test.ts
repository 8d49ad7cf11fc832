import { test } from 'node:test'
import { createGuard } from '@latchkey/guard'
import { checkBasicHeaders, checkForms, checkScopes, checkTokens } from '../testing/generated-inputs.ts'
import { createWorld } from '../testing/world.ts'

const runs = 20_000

test(`${runs} Basic headers, twice: read or refused, and what was encoded comes back`, () =>
  checkBasicHeaders(runs))
test(`${runs} forms, twice: read or refused, and what was written comes back`, () => checkForms(runs))
test(`${runs} scopes: sorted, once each and legal, or refused`, () => checkScopes(runs))

test(`${runs} changed tokens: none is accepted, none is a fault`, async () => {
  const world = await createWorld()
  const { keys } = world.app
  const token = await world.token(['event'])
  const audiences = { test: `${world.url}/test`, production: world.url }
  const guard = createGuard({
    issuer: `${world.url}/oauth`,
    audiences,
    findKey: keys.find,
    now: world.clock.now,
  })
  await guard.check(`Bearer ${token}`, 'event')
  await checkTokens((authorization) => guard.check(authorization, 'event'), token, runs)
  await world.close()
})
