// What every proxy that asks forward-auth has to do with tokens that are bound to a key or a certificate.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dpopProof, makeDpopKey, sha256 } from './dpop.ts'
import { makeCertificate } from './make-certificate.ts'
import { ordersScopes } from './orders-api.ts'
import type { callProxy, ProxyCall } from './plain-api.ts'
import { type TestClient, tokenRequest, type World } from './world.ts'

export interface BoundCalls {
  options: { skip: string | false }
  /** The address that the proxy asks from. */
  asksFrom: string
  /** What is there once a test runs. */
  stand: () => {
    world: World
    client: TestClient
    call: (wanted?: ProxyCall) => ReturnType<typeof callProxy>
  }
}

export function testBoundCalls({ options, asksFrom, stand }: BoundCalls): void {
  test(
    'a DPoP proof for the call passes once, also when it has to be made again with the nonce',
    options,
    async () => {
      const { world, client, call } = stand()
      const key = makeDpopKey()
      const request = tokenRequest(client, 'grant_type=client_credentials&scope=orders_read')
      const issue = (nonce?: string) => {
        const htu = `${world.url}/oauth/connect/token`
        const dpop = dpopProof(key, { htm: 'POST', htu, iat: world.clock.now() / 1000, nonce })
        return world.inject({ ...request, headers: { ...request.headers, dpop } })
      }
      const text: string = (await issue(String((await issue()).headers['dpop-nonce']))).json().access_token
      const send = (htu: string, nonce?: string, more: readonly (readonly [string, string])[] = []) => {
        const claims = { htm: 'GET', htu, iat: world.clock.now() / 1000, ath: sha256(text), nonce }
        const headers = [
          ['authorization', `DPoP ${text}`],
          ['dpop', dpopProof(key, claims)],
          ...more,
        ] as const
        return call({ path: '/orders?limit=2', headers })
      }
      const own = 'https://orders.example/orders'
      const first = await send(own)
      assert.deepEqual(
        [first.status, /error="(\w+)"/.exec(String(first.headers['www-authenticate']))?.[1]],
        [401, 'use_dpop_nonce'],
      )
      const nonce = String(first.headers['dpop-nonce'])
      assert.equal((await send(own, nonce)).status, 200)
      assert.equal(
        (await send('https://evil.example/orders', nonce, [['x-forwarded-host', 'evil.example']])).status,
        401,
      )
      assert.equal(
        (await send('https://orders.example/bills', nonce, [['x-forwarded-uri', '/bills']])).status,
        401,
      )
      assert.equal(
        (await send('https://orders.example/bills', nonce, [['x-original-url', '/bills']])).status,
        401,
      )
    },
  )

  test('a forged certificate header opens nothing', options, async () => {
    const { world, call } = stand()
    const own = makeCertificate()
    const set = { certificateBound: true } as const
    const bound = await world.makeClient({ environment: 'production', scopes: ordersScopes, set })
    const request = tokenRequest(bound, 'grant_type=client_credentials&scope=orders_read')
    const headers = { ...request.headers, 'client-cert': own.header }
    const issued = await world.inject({ ...request, headers, remoteAddress: asksFrom })
    const text: string = issued.json().access_token
    assert.ok(text, issued.body)
    assert.equal(
      (
        await call({
          headers: [
            ['authorization', `Bearer ${text}`],
            ['client-cert', own.header],
          ],
        })
      ).status,
      401,
    )
  })
}
