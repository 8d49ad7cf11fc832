// What a pasted text is, without asking any server.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeText } from './verdict.ts'

const url = 'https://api.example'
const nowMs = Date.UTC(2026, 10, 24, 12)
const seconds = nowMs / 1000
const claims = {
  ...{ iss: `${url}/oauth`, aud: `${url}/test`, client_id: 'test-quiet-fjord-482', environment: 'test' },
  ...{ scope: 'document_read', iat: seconds - 60, exp: seconds + 3540, jti: 'one' },
}

function tokenOf(changed: object = {}, header: object = { alg: 'ES256', typ: 'at+jwt' }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part({ ...claims, ...changed })}.c2lnbmF0dXJl`
}

for (const [what, text, kind, good, words] of [
  ['a good token', tokenOf(), 'access_token', true, /good for another 59 minutes/],
  ['an expired token', tokenOf({ exp: seconds - 42 }), 'access_token', false, /It expired 42 seconds ago/],
  [
    'a token of another server',
    tokenOf({ iss: 'https://other.example/oauth' }),
    'access_token',
    false,
    /issued by https:\/\/other\.example\/oauth/,
  ],
  [
    'a token without signature',
    tokenOf({}, { alg: 'none', typ: 'at+jwt' }),
    'access_token',
    false,
    /not signed/,
  ],
  [
    'an ID token',
    tokenOf({}, { alg: 'ES256', typ: 'JWT' }),
    'access_token',
    false,
    /no access token: its type is JWT/,
  ],
  ['a token from the future', tokenOf({ iat: seconds + 600 }), 'access_token', false, /issued in the future/],
  ['a token bound to a key', tokenOf({ cnf: { jkt: 'x' } }), 'access_token', false, /bound to a DPoP key/],
  [
    'a token whose audience is of the other environment',
    tokenOf({ aud: url }),
    'access_token',
    false,
    /disagree/,
  ],
  ['half a token', tokenOf().slice(0, 60), 'unknown', false, /was cut or changed/],
  ['a cut secret', 'lk_test_AbCd1234_short', 'secret', false, /checksum does not hold/],
  ['a client id', 'test-quiet-fjord-482', 'client_id', false, /id of a test client/],
  ['Basic', 'Basic dGVzdDp0ZXN0', 'basic', false, /client id and its secret/],
  ['something else', 'hello', 'unknown', false, /no access token of Latchkey/],
] as const)
  test(`explain knows ${what}`, () => {
    const verdict = judgeText(text, url, nowMs)
    assert.deepEqual([verdict.kind, verdict.good], [kind, good], verdict.verdict)
    assert.match(verdict.verdict, words)
    assert.ok(verdict.steps.length > 0)
  })
