// Token requests that nobody would write, for statement 54: thousands of them, each answered decently.
import assert from 'node:assert/strict'
import { request } from 'node:http'
import fc from 'fast-check'
import { type Answer, toAnswer } from './answer.ts'
import type { Target } from './target.ts'
import { basic, firstScope, formEncode, formType, grantBody, rawBasic } from './token-request.ts'

/** Stands in every generated text, so that an echo shows. */
const canary = 'canary5093'
const batch = 20

interface Generated {
  method: string
  query: string
  authorization: string | undefined
  contentType: string | undefined
  extra: string
  body: Buffer
}

// RFC 9110 §5.5: what a header value can be made of; anything else never reaches a server through a client.
const headerText = fc
  .array(fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff })), {
    maxLength: 40,
  })
  .map((codes) => canary + String.fromCharCode(...codes))

const anyText = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => canary + text)
const formValue = fc.oneof(
  anyText.map(formEncodeLoose),
  fc.string({ maxLength: 40 }).map((raw) => canary + raw),
)

/** Half surrogates cannot be encoded; they are sent as the bytes that stand for them. */
function formEncodeLoose(text: string): string {
  return formEncode(text.toWellFormed())
}

function parameter(scope: string): fc.Arbitrary<string> {
  const name = fc.constantFrom('grant_type', 'scope', 'client_id', 'resource', 'client_assertion', canary)
  return fc.oneof(
    fc.constantFrom(grantBody, `scope=${scope}`, `scope=${scope}+${scope}`, 'scope=', '&&', '=', '%', '\n'),
    fc.tuple(name, formValue).map(([key, value]) => `${key}=${value}`),
  )
}

/** Nine in ten are as they should be: a request fails where it differs. */
function mostly<Value, Other>(usual: Value, other: fc.Arbitrary<Other>): fc.Arbitrary<Value | Other> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other })
}

function generatedRequest(target: Target): fc.Arbitrary<Generated> {
  const scope = firstScope(target)
  const extra = fc.array(parameter(scope), { maxLength: 4 })
  const scopeParameter = fc.oneof(
    fc.constant(scope),
    formValue,
    formValue.map((value) => `${scope}+${value}`),
  )
  // One in two is an ordinary request up to its scope, so that every place of the pipeline is reached.
  const form = fc
    .oneof(
      extra,
      fc.tuple(scopeParameter, extra).map(([value, more]) => [grantBody, `scope=${value}`, ...more]),
    )
    .map((parts) => Buffer.from(parts.join('&'), 'utf8'))
  const bytes = fc.uint8Array({ maxLength: 200 }).map((values) => Buffer.from(values))
  return fc.record({
    method: mostly('POST', fc.constantFrom('PUT', 'GET', 'DELETE', 'PATCH', 'OPTIONS')),
    query: mostly(
      '',
      fc.webQueryParameters().map((query) => `?${canary}&${query}`),
    ),
    authorization: mostly(
      basic(target.client),
      fc.oneof(
        fc.constant(undefined),
        fc.uint8Array({ maxLength: 60 }).map(rawBasic),
        anyText.map((text) => rawBasic(text.toWellFormed())),
        fc.tuple(fc.constantFrom('Basic ', 'Bearer ', ''), headerText).map(([a, b]) => a + b),
      ),
    ),
    contentType: mostly(
      formType,
      fc.oneof(
        fc.constantFrom(undefined, 'application/json', `${formType};charset=x`, 'text/plain'),
        headerText,
      ),
    ),
    extra: headerText,
    body: fc.oneof({ weight: 4, arbitrary: form }, { weight: 1, arbitrary: bytes }),
  })
}

/**
 * Sends generated requests, a few at a time.
 * @param check is called with each answer and whether the request was authenticated.
 */
export async function sendGenerated(
  target: Target,
  count: number,
  check: (answer: Answer, authenticated: boolean) => void,
): Promise<void> {
  const requests = fc.array(generatedRequest(target), { minLength: batch, maxLength: batch })
  await fc.assert(
    fc.asyncProperty(requests, async (generated) => {
      await Promise.all(
        generated.map(async (one) => {
          check(await send(target, one), one.authorization === basic(target.client))
        }),
      )
    }),
    { numRuns: Math.ceil(count / batch), endOnFailure: false },
  )
}

/** Nothing of what was sent comes back, but a legal scope to the client that proved itself. */
export function assertNoEcho(answer: Answer, authenticated: boolean): void {
  if (!answer.text.includes(canary)) return
  assert.ok(authenticated, `echoed to a stranger: ${answer.text}`)
  assert.equal(answer.body.error, 'invalid_scope', answer.text)
  const [scope = ''] = /canary5093[\x21\x23-\x5B\x5D-\x7E]*/.exec(String(answer.body.error_description)) ?? []
  assert.ok(scope.length <= 66, `longer than a scope that may be named: ${answer.text}`)
}

/** Through node:http: fetch takes no bytes above ASCII in headers, and no body with GET. */
function send(target: Target, generated: Generated): Promise<Answer> {
  const { method, query, authorization, contentType, extra, body } = generated
  const headers = {
    ...(authorization !== undefined && { authorization }),
    ...(contentType !== undefined && { 'content-type': contentType }),
    'x-extra': extra,
    'content-length': body.length,
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      target.tokenEndpoint + encodeURI(query.toWellFormed()),
      { method, headers },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const pairs = Object.entries(response.headers).map(([name, value]): [string, string] => [
            name,
            String(value),
          ])
          resolve(
            toAnswer(response.statusCode ?? 0, new Headers(pairs), Buffer.concat(chunks).toString('utf8')),
          )
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
