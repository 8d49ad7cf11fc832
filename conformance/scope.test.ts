// Scopes at the token endpoint: RFC 6749 §3.3.
import assert from 'node:assert/strict'
import { assertError, assertNoToken } from './answer.ts'
import { decodeToken } from './jwt.ts'
import { requirement } from './requirement.ts'
import { need, type Target } from './target.ts'
import { basic, firstScope, formEncode, grantBody, postToken, requestBody } from './token-request.ts'

function postScope(target: Target, scope: string) {
  return postToken(target, { body: `${grantBody}&scope=${formEncode(scope)}` })
}

function twoScopes({ client }: Target): [string, string] {
  const [first, second] = client.scopes
  return [need(first, 'scope'), need(second, 'second scope')]
}

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
for (const [what, character] of [
  ['a quote', '"'],
  ['a backslash', '\\'],
  ['a TAB', '\t'],
  ['a CR', '\r'],
  ['a LF', '\n'],
  ['a NUL', '\0'],
  ['a DEL', '\x7f'],
  ['a no-break space', '\u00a0'],
  ['a comma', ','],
  ['a letter outside ASCII', 'é'],
] as const) {
  requirement(44, `${what} in the scope gives invalid_scope`, async (target) => {
    const [first, second] = twoScopes(target)
    for (const scope of [first + character, character + first, first + character + second])
      assertError(await postScope(target, scope), 400, 'invalid_scope')
  })
}

// RFC 6749 §3.3 has single spaces; more are forgiven by our choice.
requirement(45, 'leading, trailing and doubled spaces are normalised', async (target) => {
  const [first, second] = twoScopes(target)
  const answer = await postScope(target, `  ${first}   ${second} `)
  assert.equal(answer.status, 200)
  assert.equal(answer.body.scope, [first, second].sort().join(' '))
})
requirement(45, 'spaces too many are flagged in the log', async (target) => {
  const logLines = need(target.logLines, 'log that the suite can read')
  const answer = await postScope(target, ` ${firstScope(target)}`)
  const id = answer.headers.get('request-id') ?? 'no Request-Id'
  assert.ok(logLines().some((line) => line.includes(id) && /space/i.test(line)))
})

// RFC 6749 §3.3: the order does not matter.
requirement(46, 'order does not matter, repeats collapse, the answer is sorted', async (target) => {
  const [first, second] = twoScopes(target)
  const sorted = [first, second].sort().join(' ')
  for (const scope of [`${first} ${second}`, `${second} ${first}`, `${second} ${first} ${second}`]) {
    const answer = await postScope(target, scope)
    assert.equal(answer.body.scope, sorted)
    assert.equal(decodeToken(String(answer.body.access_token)).claims.scope, sorted)
  }
})

// RFC 6749 §3.3: case-sensitive strings.
requirement(47, 'scopes are case-sensitive', async (target) => {
  const scope = firstScope(target)
  for (const other of [scope.toUpperCase(), scope.charAt(0).toUpperCase() + scope.slice(1)])
    assertError(await postScope(target, other), 400, 'invalid_scope')
})

// RFC 6749 §3.3: without scope either a documented default or a failure.
for (const [what, body] of [
  ['no scope', grantBody],
  ['only spaces', `${grantBody}&scope=++`],
] as const) {
  requirement(48, `${what} and no default list gives 400 invalid_scope`, async (target) => {
    assertError(await postToken(target, { body }), 400, 'invalid_scope')
  })
}
requirement(48, 'no scope with a default list gives exactly that list', async (target) => {
  const client = need(target.clients?.withDefaultScopes, 'client with a default list')
  const answer = await postToken(target, { authorization: basic(client), body: grantBody })
  assert.equal(answer.body.scope, client.scopes.toSorted().join(' '))
})

// RFC 6749 §5.2 invalid_scope; refusing whole is our choice.
requirement(49, 'an unknown scope refuses the whole request', async (target) => {
  for (const scope of ['no_such_scope', `${firstScope(target)} no_such_scope`])
    assertError(await postScope(target, scope), 400, 'invalid_scope')
})
requirement(49, 'a scope that the client was not given refuses the whole request', async (target) => {
  const ungranted = need(target.ungrantedScope, 'scope that the client was not given')
  for (const scope of [ungranted, `${firstScope(target)} ${ungranted}`])
    assertError(await postScope(target, scope), 400, 'invalid_scope')
})

// RFC 6749 §5.1: must be there when it differs; always, by our choice.
requirement(50, 'the answer always names the scope', async (target) => {
  const [first, second] = twoScopes(target)
  for (const scope of [first, `${first} ${second}`]) {
    const answer = await postScope(target, scope)
    assert.equal(answer.body.scope, scope.split(' ').sort().join(' '))
  }
})

// RFC 6749 §3.3 knows names, no patterns.
requirement(51, 'no wildcard, prefix or hierarchy', async (target) => {
  const scope = firstScope(target)
  const stem = scope.split(/[_.:/]/)[0] ?? scope
  for (const pattern of ['*', `${stem}*`, `${scope}*`, scope.slice(0, -1), `${scope}.`, `${scope}:sub`, '.*'])
    assertError(await postScope(target, pattern), 400, 'invalid_scope')
})

// RFC 6749 §3.3: nothing was granted, so nothing can be issued.
requirement(53, 'a client with no scopes never gets a token', async (target) => {
  const authorization = basic(need(target.clients?.withoutScopes, 'client without scopes'))
  for (const body of [
    grantBody,
    requestBody(firstScope(target)),
    requestBody('no_such_scope'),
    `${grantBody}&scope=+`,
  ]) {
    const answer = await postToken(target, { authorization, body })
    assertNoToken(answer)
    assertError(answer, 400, 'invalid_scope')
  }
})
