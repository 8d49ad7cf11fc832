// Clients that authenticate by a certificate: RFC 8705.
import assert from 'node:assert/strict'
import { type Answer, asObject, assertBasicChallenge } from './answer.ts'
import { requirement } from './requirement.ts'
import { type CertificateClient, type CertificateClients, need, type Target } from './target.ts'
import { formEncode, postToken, requestBody } from './token-request.ts'

type Name = keyof CertificateClients

function clientOf(target: Target, name: Name): CertificateClient {
  return need(target.certificateClients, 'clients with certificates')[name]
}

/** A token request with a certificate, at a node behind a proxy that hands it on. */
async function behindProxy(target: Target, header: string, body: string): Promise<Answer> {
  const node = await need(target.openOtherNode, 'node behind a proxy that hands on certificates')()
  try {
    const endpoint = node.origin + new URL(target.tokenEndpoint).pathname
    return await postToken(target, {
      authorization: null,
      endpoint,
      body,
      headers: { 'client-cert': header },
    })
  } finally {
    await node.close()
  }
}

function bodyOf({ scopes, clientId }: CertificateClient): string {
  return `${requestBody(scopes[0] ?? '')}&client_id=${formEncode(clientId)}`
}

// RFC 8705 §2.1.2, §2.2.
for (const [statement, what, name, header, status] of [
  [134, 'a certificate with the registered subject', 'subject', 'subject', 200],
  [134, 'a certificate with another subject', 'otherSubject', 'subject', 401],
  [134, 'a certificate with the registered alternative name', 'alternativeName', 'subject', 200],
  [134, 'a certificate with another alternative name', 'otherAlternativeName', 'subject', 401],
  [134, 'the certificate of another', 'subject', 'selfSigned', 401],
  [135, 'a registered certificate, though it is expired', 'selfSigned', 'selfSigned', 200],
  [135, 'a certificate that is not registered', 'selfSigned', 'subject', 401],
] as const) {
  requirement(statement, `${what}: ${status}`, async (target) => {
    const client = clientOf(target, name)
    const answer = await behindProxy(target, clientOf(target, header).header, bodyOf(client))
    if (status === 401) return assertBasicChallenge(answer)
    assert.equal(answer.status, 200, answer.text)
  })
}
// RFC 8705 §2.
requirement(134, 'without client_id in the body: 401', async (target) => {
  const client = clientOf(target, 'subject')
  assertBasicChallenge(await behindProxy(target, client.header, requestBody(client.scopes[0] ?? '')))
})

// RFC 8705 §5.
requirement(137, 'every endpoint has an alias at a host that asks for certificates', async ({ metadata }) => {
  const aliases = asObject(need(metadata.mtls_endpoint_aliases, 'alias in its metadata'))
  const endpoints = Object.entries(metadata).filter(([name]) => name.endsWith('_endpoint'))
  for (const [name, address] of endpoints) {
    const alias = new URL(String(aliases[name]))
    assert.equal(alias.protocol, 'https:')
    assert.equal(alias.pathname, new URL(String(address)).pathname)
  }
})

// RFC 9700 §4.13, RFC 9440 §4.
requirement(138, 'a certificate header that is not from the proxy is none', async (target) => {
  const client = clientOf(target, 'selfSigned')
  const headers = { 'client-cert': client.header }
  assertBasicChallenge(await postToken(target, { authorization: null, body: bodyOf(client), headers }))
  const forwarded = { ...headers, 'x-forwarded-for': '192.0.2.10', forwarded: 'for=192.0.2.10' }
  const forged = await postToken(target, { authorization: null, body: bodyOf(client), headers: forwarded })
  assertBasicChallenge(forged)
})
