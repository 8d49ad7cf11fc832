// Statement 107 at length: while keys rotate no good token is ever refused, by us or by guards that cache.
import assert from 'node:assert/strict'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { createGuard, type Guard } from '@latchkey/guard'
import { createWorld, type World } from '../testing/world.ts'

const calls = 100_000
const second = 1000
const hour = 3600 * second
const day = 24 * hour

/** Keeps the keys as long as it may, and asks for none in between: not even for a kid that it does not know. */
function cachingGuard(world: World, maxAgeMs: number): Guard {
  let keys = new Map<string, KeyObject>()
  let fetchedAt = Number.NEGATIVE_INFINITY
  return createGuard({
    issuer: `${world.url}/oauth`,
    audiences: { test: `${world.url}/test` },
    now: world.clock.now,
    rememberedTokens: 0,
    async findKey(keyId) {
      if (world.clock.now() >= fetchedAt + maxAgeMs) {
        fetchedAt = world.clock.now()
        const jwks: (JsonWebKey & { kid: string })[] = (await world.inject({ url: '/oauth/jwks' })).json()
          .keys
        keys = new Map(jwks.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]))
      }
      return keys.get(keyId)
    },
  })
}

/** What happens to the keys in which part of the time. */
async function rotate(world: World, step: number): Promise<string | undefined> {
  const { rotation, background, changes } = world.app
  // By schedule alone in the first half, which is longer than 90 days; the operator's wishes in the second.
  const wish =
    step < calls / 2 ? undefined : { 0: 'now', 1200: 'scheduled', 1900: 'now', 1903: 'now' }[step % 2500]
  if (wish === 'now' || wish === 'scheduled')
    await rotation.rotate(wish, (['ES256', 'EdDSA', 'RS256'] as const)[Math.floor(step / 700) % 3])
  else if (step % 20 === 0) await background.run()
  else return undefined
  await changes.poll()
  return wish
}

test(`${calls} guarded calls with tokens of every age, while keys rotate: none fails`, async (context) => {
  const world = await createWorld()
  const client = await world.makeClient({ scopes: ['document_read'], tokenLifetimeSeconds: day / second })
  // The second and the last are behind a cache that is as old as it may be when they ask it.
  const guards = [300_000, 599_999, 300_000, 599_999].map((maxAgeMs) => cachingGuard(world, maxAgeMs))
  /** Living tokens, oldest first. */
  const tokens: { text: string; until: number }[] = []
  const signers = new Set<string>()
  let wishes = 0
  let failed = 0
  for (let step = 0; step < calls; step += 1) {
    // 200 s on the average: never in step with what is cached.
    world.clock.advance(Math.round(400 * second * Math.random()))
    if (await rotate(world, step)) wishes += 1
    if (step % 4 === 0) {
      const text = await world.token(['document_read'], client)
      signers.add(text.slice(0, text.indexOf('.')))
      tokens.push({ text, until: world.clock.now() + day })
    }
    while ((tokens[0]?.until ?? Number.POSITIVE_INFINITY) <= world.clock.now()) tokens.shift()
    // Every third call with the oldest that lives, every third with the newest.
    const index =
      step % 3 === 0 ? 0 : step % 3 === 1 ? tokens.length - 1 : Math.floor(Math.random() * tokens.length)
    const authorization = `Bearer ${tokens[index]?.text}`
    const passed =
      step % 5 === 4
        ? (await world.inject({ url: '/signature/documents', headers: { authorization } })).statusCode === 200
        : await guards[step % 5]?.check(authorization, 'document_read').then(
            () => true,
            () => false,
          )
    if (!passed) failed += 1
  }
  context.diagnostic(
    `${signers.size} keys signed, ${wishes} rotations by hand, ${failed} of ${calls} calls failed`,
  )
  assert.equal(failed, 0)
  assert.ok(signers.size > 50)
  await world.close()
})
