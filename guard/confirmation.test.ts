import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { requires } from './adapters/fastify.ts'
import type { DpopNonces } from './dpop-proof.ts'
import {
  assertRefused,
  boundToken,
  callWith,
  guardWith,
  holder,
  proof,
  refusal,
  thumbprintOf,
  token,
  url,
} from './testing/bound-tokens.ts'

const nonces: DpopNonces = { current: () => 'n2', accepts: (nonce) => nonce === 'n1' || nonce === 'n2' }

// RFC 9449 §9.
test('with nonces a proof without a fresh one answers 401 use_dpop_nonce and brings it', async () => {
  const guard = guardWith({ dpopNonces: nonces })
  const text = await boundToken()
  for (const nonce of [undefined, 'n0', 1]) {
    const call = callWith(await proof(text, { nonce }))
    const error = await refusal(guard.check(`DPoP ${text}`, 'order_read', call))
    assertRefused(error, 'use_dpop_nonce')
    assert.equal(error.headers['dpop-nonce'], 'n2')
  }
  for (const nonce of ['n1', 'n2'])
    await guard.check(`DPoP ${text}`, 'order_read', callWith(await proof(text, { nonce })))
})

// RFC 8705 §3.
test('a token that is bound to a certificate passes with that one alone', async () => {
  const text = await token({ 'x5t#S256': 'thumbprint' })
  const accepted = await guardWith().check(`Bearer ${text}`, 'order_read', {
    ...callWith(),
    certificateThumbprint: 'thumbprint',
  })
  assert.deepEqual(accepted.confirmation, { certificate: 'thumbprint' })
  for (const call of [undefined, callWith(), { ...callWith(), certificateThumbprint: 'another' }]) {
    const error = await refusal(guardWith().check(`Bearer ${text}`, 'order_read', call))
    assertRefused(error, 'invalid_token', 'Bearer')
  }
})

test('a token that is bound to both needs both', async () => {
  const text = await token({ jkt: await thumbprintOf(holder.publicKey), 'x5t#S256': 'thumbprint' })
  const guard = guardWith()
  const call = async (certificateThumbprint?: string) => ({
    ...callWith(await proof(text)),
    certificateThumbprint,
  })
  await guard.check(`DPoP ${text}`, 'order_read', await call('thumbprint'))
  assertRefused(await refusal(guard.check(`DPoP ${text}`, 'order_read', await call())), 'invalid_token')
})

for (const cnf of [
  {},
  null,
  'x',
  [],
  { jwk: {} },
  { jkt: 1 },
  { jkt: 'x', 'x5t#S256': 1 },
  { jkt: 'x', kid: 'y' },
]) {
  test(`a token with cnf ${JSON.stringify(cnf)} is refused: nobody could check it`, async () => {
    const text = await token(cnf)
    for (const scheme of ['Bearer', 'DPoP']) {
      const call = callWith(await proof(text))
      assertRefused(
        await refusal(guardWith().check(`${scheme} ${text}`, 'order_read', call)),
        'invalid_token',
        scheme,
      )
    }
  })
}

test('the Fastify adapter hands on method, address, proofs and certificate, never the Host header', async () => {
  const app = Fastify()
  const guard = guardWith()
  const options = {
    origin: ['https://orders.example', 'https://old.example'],
    certificateThumbprint: () => 'thumbprint',
  }
  app.get('/orders', { onRequest: requires(guard, 'order_read', options) }, async () => 'in')
  app.get('/plain', { onRequest: requires(guard, 'order_read') }, async () => 'in')
  const text = await token({ jkt: await thumbprintOf(holder.publicKey), 'x5t#S256': 'thumbprint' })
  const call = async (path: string, htu: string) =>
    app.inject({
      url: path,
      headers: { authorization: `DPoP ${text}`, dpop: await proof(text, { htu }), host: 'attacker.example' },
    })
  assert.equal((await call('/orders?a=b', url)).body, 'in')
  assert.equal((await call('/orders', 'https://old.example/orders')).body, 'in')
  const forged = await call('/orders', 'https://attacker.example/orders')
  assert.equal(forged.statusCode, 401)
  assert.match(String(forged.headers['www-authenticate']), /^DPoP .*error="invalid_dpop_proof"/)
  assert.equal((await call('/plain', 'https://orders.example/plain')).statusCode, 401)
  await app.close()
})
