// How much a request may be, and requests that two readers could understand differently.
import assert from 'node:assert/strict'
import { assertError, assertNoToken, shown } from './answer.ts'
import { exchange, sendRaw } from './raw-request.ts'
import { requirement } from './requirement.ts'
import type { Target } from './target.ts'
import { basic, firstScope, formType, postToken, requestBody } from './token-request.ts'

const limit = 16 * 1024

function padded(target: Target, length: number): string {
  const body = `${requestBody(firstScope(target))}&pad=`
  return body + 'x'.repeat(length - body.length)
}

// Our choice; RFC 9110 §15.5.14.
requirement(17, 'a body of 16 kB is taken, one byte more gives 413', async (target) => {
  assert.equal((await postToken(target, { body: padded(target, limit) })).status, 200)
  const refused = await postToken(target, { body: padded(target, limit + 1) })
  assert.equal(refused.status, 413)
  assertNoToken(refused)
})
requirement(17, 'a body announced as too large gives 413 before it is sent', async (target) => {
  const answer = await sendRaw(target.tokenEndpoint, {
    headers: [...ordinaryHeaders(target), ['Content-Length', String(limit + 1)]],
  })
  assert.equal(answer.status, 413)
})
requirement(17, 'a chunked body is counted too', async (target) => {
  const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`
  const answer = await sendRaw(target.tokenEndpoint, {
    headers: [...ordinaryHeaders(target), ['Transfer-Encoding', 'chunked']],
    body: chunk.repeat(5),
  })
  assert.equal(answer.status, 413)
})

function ordinaryHeaders(target: Target): [string, string][] {
  return [
    ['Authorization', basic(target.client)],
    ['Content-Type', formType],
  ]
}

// RFC 6749 §2.3: one authentication in a request; RFC 9110 §5.3: Authorization is one value.
requirement(
  32,
  'two Authorization headers give 400 invalid_request, even when both are right',
  async (target) => {
    const [authorization = ['', ''], type = ['', '']] = ordinaryHeaders(target)
    const body = requestBody(firstScope(target))
    const headers = [authorization, authorization, type, ['Content-Length', String(body.length)]] as const
    assertError(await sendRaw(target.tokenEndpoint, { headers, body }), 400, 'invalid_request')
  },
)

// RFC 9112 §6.1, §3.2: smuggling needs a request with two meanings; none is answered with a token.
for (const [what, headers] of [
  ['Content-Length and Transfer-Encoding', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
  ['two Content-Lengths', ['Content-Length: 0', 'Content-Length: 5']],
  ['a Transfer-Encoding that is not chunked', ['Transfer-Encoding: gzip, chunked']],
  ['chunked hidden in a list', ['Transfer-Encoding: chunked, identity']],
  ['a second Host', ['Host: other.example', 'Content-Length: 0']],
  ['a space before a colon', ['Content-Length : 0']],
  ['a folded header', ['X-A: 1', ' folded', 'Content-Length: 0']],
  ['a line feed alone between headers', ['X-A: 1\nX-B: 2', 'Content-Length: 0']],
] as const) {
  requirement(54, `a request with ${what} gives 400 and no token`, async (target) => {
    const { host, pathname } = new URL(target.tokenEndpoint)
    const head = [`POST ${pathname} HTTP/1.1`, `Host: ${host}`, `Authorization: ${basic(target.client)}`]
    const type = [`Content-Type: ${formType}`]
    const text = [...head, ...type, ...headers, '', '0\r\n\r\n'].join('\r\n')
    const answer = await exchange(target.tokenEndpoint, text)
    assert.equal(answer.status, 400, shown(answer))
    assertNoToken(answer)
  })
}

// RFC 6749 §5.1: what the parser refuses is not stored either; it knows no endpoint yet.
for (const [what, status, head] of [
  ['headers of 20 kB', 431, `X-Pad: ${'x'.repeat(20_000)}`],
  ['a header that is none', 400, 'no colon'],
] as const) {
  requirement(8, `the answer to ${what} is JSON and not stored`, async (target) => {
    const { host, pathname } = new URL(target.tokenEndpoint)
    const text = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${head}\r\n\r\n`
    const answer = await exchange(target.tokenEndpoint, text)
    assert.equal(answer.status, status)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/(problem\+)?json/)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
  })
}
