// Statement 136: tokens that are bound to a certificate (RFC 8705 §3).
import assert from 'node:assert/strict'
import { assertBearerError } from './answer.ts'
import { decodeToken } from './jwt.ts'
import { requirement } from './requirement.ts'
import { guardedCallOf, need, type OtherNode, type Target } from './target.ts'
import { basic, callGuarded, postToken, requestBody } from './token-request.ts'

/** Runs a check against a node that gets certificates from its proxy. */
async function behindProxy(target: Target, check: (node: OtherNode) => Promise<void>): Promise<void> {
  const node = await need(target.openOtherNode, 'node behind a proxy that hands on certificates')()
  try {
    await check(node)
  } finally {
    await node.close()
  }
}

function requestToken(target: Target, node: OtherNode, certificate?: string) {
  const { pathname } = new URL(target.tokenEndpoint)
  return postToken(target, {
    endpoint: node.origin + pathname,
    authorization: basic(
      need(target.clients?.certificateBound, 'client whose tokens are bound to its certificate'),
    ),
    body: requestBody(guardedCallOf(target).scope),
    headers: certificate === undefined ? {} : { 'client-cert': certificate },
  })
}

requirement(136, 'a bound token names the certificate, and opens an API with it alone', async (target) => {
  await behindProxy(target, async (node) => {
    const [own, other] = node.certificates
    const { status, body, text } = await requestToken(target, node, own.header)
    assert.equal(status, 200, text)
    const token = String(body.access_token)
    assert.deepEqual(decodeToken(token).claims.cnf, { 'x5t#S256': own.thumbprint })
    const call = guardedCallOf(target)
    const at = { ...call, url: node.origin + new URL(call.url).pathname }
    const right = await callGuarded(at, `Bearer ${token}`, { 'client-cert': own.header })
    assert.ok(right.status < 300, right.text)
    const another = await callGuarded(at, `Bearer ${token}`, { 'client-cert': other.header })
    assertBearerError(another, 401, 'invalid_token')
    assertBearerError(await callGuarded(at, `Bearer ${token}`), 401, 'invalid_token')
    // A header that does not come from the proxy is none.
    const forged = await callGuarded(call, `Bearer ${token}`, { 'client-cert': own.header })
    assertBearerError(forged, 401, 'invalid_token')
  })
})

requirement(136, 'a client whose tokens are bound gets none without a certificate', async (target) => {
  await behindProxy(target, async (node) => {
    const { status, body } = await requestToken(target, node)
    assert.deepEqual([status, body.error, 'access_token' in body], [400, 'invalid_request', false])
  })
})
