// What every client-authentication method guarantees: one suite, run on each.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InjectOptions } from 'fastify'
import {
  type AuthenticationMethodName,
  authenticationMethodNames,
  type TlsClientAuth,
} from '../../clients/client.ts'
import type { ClientFacts } from '../../clients/store.ts'
import { assertionClaims, assertionForm, makeAssertionKey } from '../../testing/assertions.ts'
import { testDialects } from '../../testing/database.ts'
import { makeCertificate } from '../../testing/make-certificate.ts'
import { basic, createWorld, type TestClient, type World } from '../../testing/world.ts'

const proxy = '192.0.2.10'
const settings = { LATCHKEY_TRUSTED_PROXIES: proxy, LATCHKEY_MTLS_URL: 'https://mtls.api.example' }
const form = 'grant_type=client_credentials&scope=document_read'

/** A credential of one method: what is registered, and requests that show it for a client id. */
interface Credential {
  set: Partial<ClientFacts>
  right: (client: TestClient, world: World) => Request
  wrong: (client: TestClient, world: World) => Request
}

interface Request {
  headers?: Record<string, string>
  payload: string
}

const inBody = ({ clientId, clientSecret }: TestClient) =>
  `${form}&client_id=${clientId}&client_secret=${encodeURIComponent(clientSecret)}`
const key = makeAssertionKey()
const otherKey = makeAssertionKey()
const issuerOf = ({ url }: World) => `${url}/oauth`
const signedBy =
  ({ sign }: typeof key) =>
  ({ clientId }: TestClient, world: World) => ({
    payload: assertionForm(sign({}, assertionClaims(clientId, issuerOf(world), world.clock.now()))),
  })
const authority = makeCertificate({ isAuthority: true, subject: [{ CN: 'Authority' }] })
const issued = makeCertificate({ issuer: authority })
const stranger = makeCertificate()
const registered: TlsClientAuth = {
  kind: 'subject_dn',
  value: 'CN=orders,O=Acme',
  authorities: authority.pem,
}
const showing = (certificate: typeof issued) => (client: TestClient) => ({
  headers: { 'client-cert': certificate.header },
  payload: `${form}&client_id=${client.clientId}`,
})

const credentials: Record<AuthenticationMethodName, Credential> = {
  client_secret_basic: {
    set: {},
    right: (client) => ({ headers: { authorization: basic(client) }, payload: form }),
    wrong: (client) => ({
      headers: { authorization: basic({ ...client, clientSecret: 'x' }) },
      payload: form,
    }),
  },
  client_secret_post: {
    set: {},
    right: (client) => ({ payload: inBody(client) }),
    wrong: (client) => ({ payload: inBody({ ...client, clientSecret: 'x' }) }),
  },
  private_key_jwt: { set: { jwks: { keys: [key.jwk] } }, right: signedBy(key), wrong: signedBy(otherKey) },
  tls_client_auth: { set: { tlsClientAuth: registered }, right: showing(issued), wrong: showing(stranger) },
  self_signed_tls_client_auth: {
    set: { jwks: issued.jwks },
    right: showing(issued),
    wrong: showing(stranger),
  },
}
const methods = authenticationMethodNames.map((name) => ({ name, ...credentials[name] }))

function send(world: World, { headers = {}, payload }: Request) {
  const request: InjectOptions = {
    method: 'POST',
    url: '/oauth/connect/token',
    remoteAddress: proxy,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload,
  }
  return world.inject(request)
}

/** Everything that an answer says, but for what differs by nature. */
function said({ statusCode, headers, body }: Awaited<ReturnType<typeof send>>) {
  const { 'request-id': _id, date: _date, ...others } = headers
  return { statusCode, others, body }
}

const unknown = { clientId: 'test-never-made-100', clientSecret: 'x' }

for (const dialect of testDialects) {
  for (const { name, set, right, wrong } of methods) {
    test(`${dialect}: ${name}: the right credential gets a token, everything else one and the same 401`, async () => {
      const world = await createWorld({ dialect, settings })
      const client = await world.makeClient({ set: { ...set, authenticationMethods: [name] } })
      const accepted = await send(world, right(client, world))
      assert.equal(accepted.statusCode, 200, accepted.body)

      const refused = said(await send(world, wrong(client, world)))
      assert.equal(refused.statusCode, 401)
      assert.equal(JSON.parse(refused.body).error, 'invalid_client')
      assert.match(String(refused.others['www-authenticate']), /^Basic realm="/)
      assert.deepEqual(said(await send(world, right(unknown, world))), refused, 'an unknown client')

      await world.database.db.updateTable('client').set({ disabled_at: world.clock.now() }).execute()
      world.app.clients.forget(client.clientId)
      assert.deepEqual(said(await send(world, right(client, world))), refused, 'a disabled client')
      await world.close()
    })
  }
}

// RFC 7591 §2: a client has the methods that it is set up for.
test('no method authenticates a client that is set up for another, even with everything right', async () => {
  const world = await createWorld({ settings })
  const everything = { jwks: { keys: [key.jwk, ...issued.jwks.keys] }, tlsClientAuth: registered }
  for (const setUp of methods) {
    const client = await world.makeClient({ set: { ...everything, authenticationMethods: [setUp.name] } })
    for (const used of methods) {
      const { statusCode } = await send(world, used.right(client, world))
      // On the wire the two TLS methods are one; the set-up decides what is checked.
      const isTls = setUp.name.includes('tls') && used.name.includes('tls')
      const expected = setUp.name === used.name || isTls ? 200 : 401
      assert.equal(statusCode, expected, `${used.name} for a client with ${setUp.name}`)
    }
  }
  await world.close()
})

// RFC 6749 §2.3: one method in a request.
test('two credentials in one request are 400, even when both are right', async () => {
  const world = await createWorld({ settings })
  const set = { jwks: { keys: [key.jwk] }, authenticationMethods: methods.map(({ name }) => name) }
  const client = await world.makeClient({ set })
  const { basicOne, post, assertion } = {
    basicOne: { authorization: basic(client) },
    post: inBody(client),
    assertion: signedBy(key)(client, world).payload,
  }
  const secretToo = `${assertion}&client_id=${client.clientId}&client_secret=${client.clientSecret}`
  for (const [what, request] of [
    ['Basic and a secret in the body', { headers: basicOne, payload: post }],
    ['Basic and an assertion', { headers: basicOne, payload: assertion }],
    ['a secret in the body and an assertion', { payload: secretToo }],
    ['Bearer and a secret in the body', { headers: { authorization: 'Bearer x' }, payload: post }],
  ] as const) {
    const answer = await send(world, request)
    assert.deepEqual([answer.statusCode, answer.json().error], [400, 'invalid_request'], what)
  }
  await world.close()
})

test('a method that is listed in the metadata is one that the suite knows', async () => {
  const world = await createWorld({ settings })
  const { json } = await world.inject({ url: '/.well-known/oauth-authorization-server/oauth' })
  assert.deepEqual(json().token_endpoint_auth_methods_supported, Object.keys(credentials))
  await world.close()
})
