// Client certificates through Debian's nginx, as docs/nginx-mutual-tls.conf sets it up (RFC 8705, RFC 9440).
import assert from 'node:assert/strict'
import { request } from 'node:https'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import { makeCertificate, type TestCertificate } from '../testing/make-certificate.ts'
import { hasNginx, startNginx } from '../testing/nginx.ts'
import { createWorld } from '../testing/world.ts'

const options = { skip: !hasNginx && 'nginx is not here' }
const authority = makeCertificate({ isAuthority: true, subject: [{ CN: 'Authority' }] })
const site = makeCertificate({ issuer: authority, subject: [{ CN: 'site' }], names: ['IP:127.0.0.1'] })

interface Answer {
  status: number
  body: string
}

/** A POST over TLS with a client certificate, as no `fetch` can. */
function post(
  url: string,
  certificate: TestCertificate | undefined,
  body: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent: false,
        ca: authority.pem,
        ...(certificate && { cert: certificate.pem, key: certificate.keyPem }),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      },
      async (answer) => {
        let text = ''
        for await (const chunk of answer.setEncoding('utf8')) text += chunk
        resolve({ status: answer.statusCode ?? 0, body: text })
      },
    )
    sent.once('error', reject).end(body)
  })
}

async function startBehindNginx() {
  const settings = { LATCHKEY_TRUSTED_PROXIES: '127.0.0.2', LATCHKEY_MTLS_URL: 'https://mtls.api.example' }
  const world = await createWorld({ settings })
  await world.listen()
  const nginx = await startNginx(world.url, site)
  return {
    world,
    url: `https://127.0.0.1:${nginx.port}`,
    async close() {
      await nginx.close()
      await world.close()
    },
  }
}

const issued = makeCertificate({ issuer: authority })
// Longer than usual, so that many lines of PEM are joined.
const long = makeCertificate({
  names: Array.from({ length: 60 }, (_, index) => `DNS:host-${index}.acme.example`),
})
const selfSigned = makeCertificate()
const byName = {
  authenticationMethods: ['tls_client_auth'],
  tlsClientAuth: { kind: 'subject_dn', value: 'CN=orders,O=Acme', authorities: authority.pem },
} as const
const bySelf = { authenticationMethods: ['self_signed_tls_client_auth'] } as const
const form = (clientId: string) => `grant_type=client_credentials&scope=document_read&client_id=${clientId}`

test('both certificate methods get a bound token through nginx, and nobody else does', options, async () => {
  const { world, url, close } = await startBehindNginx()
  const token = `${url}/oauth/connect/token`
  const [named, short, lengthy] = [
    await world.makeClient({ set: byName }),
    await world.makeClient({ set: { ...bySelf, jwks: selfSigned.jwks } }),
    await world.makeClient({ set: { ...bySelf, jwks: long.jwks } }),
  ]
  for (const [what, client, certificate, status] of [
    ['issued by the authority', named, issued, 200],
    ['self-signed', short, selfSigned, 200],
    ['self-signed and long', lengthy, long, 200],
    ['of another client', named, selfSigned, 401],
    ['of nobody', short, makeCertificate(), 401],
    ['none', short, undefined, 401],
  ] as const) {
    const answer = await post(token, certificate, form(client.clientId))
    assert.equal(answer.status, status, `${what}: ${answer.body}`)
    if (status !== 200 || !certificate) continue
    const [, claims = ''] = String(JSON.parse(answer.body).access_token).split('.')
    const { cnf } = JSON.parse(Buffer.from(claims, 'base64url').toString())
    const fingerprint = Buffer.from(certificate.x509.fingerprint256.replaceAll(':', ''), 'hex')
    assert.deepEqual(cnf, { 'x5t#S256': fingerprint.toString('base64url') })
  }
  await close()
})

// RFC 9440 §4, RFC 9700 §4.13.
test('a forged Client-Cert header gets nothing, through nginx or past it', options, async () => {
  const { world, url, close } = await startBehindNginx()
  const { clientId } = await world.makeClient({ set: { ...bySelf, jwks: selfSigned.jwks } })
  const forged = { 'client-cert': selfSigned.header }
  const path = '/oauth/connect/token'
  for (const certificate of [undefined, makeCertificate()])
    assert.equal((await post(url + path, certificate, form(clientId), forged)).status, 401)
  const past = await fetch(world.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...forged },
    body: form(clientId),
  })
  assert.equal(past.status, 401)
  await close()
})

test('oauth4webapi gets a token by its certificate at the aliased endpoint', options, async () => {
  const { world, url, close } = await startBehindNginx()
  const { clientId } = await world.makeClient({ set: byName })
  const issuer = new URL(`${world.url}/oauth`)
  const discovery = { algorithm: 'oauth2', [oauth.allowInsecureRequests]: true } as const
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, discovery))
  assert.equal(server.mtls_endpoint_aliases?.token_endpoint, 'https://mtls.api.example/oauth/connect/token')
  const client = { client_id: clientId, use_mtls_endpoint_aliases: true }
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.TlsClientAuth(),
    { scope: 'document_read' },
    {
      [oauth.customFetch]: async (address, { body }) => {
        const here = address.replace('https://mtls.api.example', url)
        const answer = await post(here, issued, String(body))
        return new Response(answer.body, {
          status: answer.status,
          headers: { 'content-type': 'application/json' },
        })
      },
    },
  )
  const answer = await oauth.processClientCredentialsResponse(server, client, response)
  assert.equal(answer.scope, 'document_read')
  await close()
})
