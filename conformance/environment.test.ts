// Statement 78: test and production behind one endpoint, and nothing crosses.
import assert from 'node:assert/strict'
import { assertBearerError, shown } from './answer.ts'
import { addressOf, clientWith, guardedOperations, type Operation } from './guarded-operations.ts'
import { decodeToken } from './jwt.ts'
import { requirement } from './requirement.ts'
import { guardedCallOf, need, type Target } from './target.ts'
import { callGuarded, getToken } from './token-request.ts'

function production({ clients }: Target) {
  return need(clients?.production, 'production client')
}

// RFC 9068 §3: the audience says where; our claim says it again.
requirement(78, 'audience and claim say the environment of the client', async (target) => {
  const audiences = need(target.audiences, 'audience for each environment')
  const scope = guardedCallOf(target).scope
  for (const [environment, client] of [
    ['test', target.client],
    ['production', production(target)],
  ] as const) {
    const { claims } = decodeToken(await getToken(target, [scope], client))
    assert.deepEqual([claims.aud, claims.environment], [audiences[environment], environment])
  }
})

requirement(78, 'an API of production alone takes its tokens and refuses test tokens', async (target) => {
  const call = need(target.productionOnly, 'API that takes production tokens alone')
  const client = need(target.clients?.tenScopes, 'test client for that API')
  const right = await callGuarded(call, `Bearer ${await getToken(target, [call.scope], production(target))}`)
  assert.equal(right.status, 200, right.text)
  const test = await callGuarded(call, `Bearer ${await getToken(target, [call.scope], client)}`)
  assertBearerError(test, 401, 'invalid_token')
})

requirement(78, 'a token whose audience and claim disagree is refused', async (target) => {
  const sign = need(target.sign, 'way to sign wrong claims rightly')
  const { test, production: live } = need(target.audiences, 'audience for each environment')
  const call = guardedCallOf(target)
  for (const client of [target.client, production(target)]) {
    const { claims } = decodeToken(await getToken(target, [call.scope], client))
    for (const changes of [
      { environment: 'test', aud: live },
      { environment: 'production', aud: test },
      { environment: undefined, aud: claims.aud },
      { environment: 'other', aud: [test, live] },
    ]) {
      const answer = await callGuarded(call, `Bearer ${sign({}, { ...claims, ...changes })}`)
      assertBearerError(answer, 401, 'invalid_token')
    }
  }
})

requirement(78, 'a client of one environment cannot get at the other by its claims', async (target) => {
  const sign = need(target.sign, 'way to sign wrong claims rightly')
  const audiences = need(target.audiences, 'audience for each environment')
  const call = guardedCallOf(target)
  const { claims } = decodeToken(await getToken(target, [call.scope]))
  const crossed = { ...claims, environment: 'production', aud: audiences.production }
  assertBearerError(await callGuarded(call, `Bearer ${sign({}, crossed)}`), 401, 'invalid_token')
})

// By enumeration: every operation of the OpenAPI document, so that a new one is never forgotten.
requirement(78, 'no operation shows an object of production to a test token', async (target) => {
  const objects = need(target.productionObjects, 'objects of its production client')
  const ids = Object.values(objects)
  // Streams have no end, and what only operators do has no environment.
  const operations = (await guardedOperations(target)).filter(
    ({ scope, isStream }) => scope !== 'operator' && !isStream,
  )
  let withObject = 0
  for (const operation of operations) {
    const { method, path } = operation
    const foreign = await callAs(target, operation, 'test', objects)
    assert.ok(!ids.some((id) => foreign.text.includes(id)), `${method} ${path} shows an object of production`)
    const names = [...path.matchAll(/\{(\w+)\}/g)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'environment')
    if (names.length === 0 || names.some((name) => name in (target.sharedObjects ?? {}))) continue
    withObject += 1
    assert.ok(foreign.status >= 400 && foreign.status < 500, `${method} ${path}: ${shown(foreign)}`)
    if (method !== 'GET') continue
    assert.equal(foreign.status, 404, `${method} ${path}`)
    const own = await callAs(target, operation, 'production', objects)
    assert.equal(own.status, 200, `${method} ${path}: ${shown(own)}`)
  }
  assert.ok(withObject >= 3, `${withObject} operations with an object`)
})

requirement(78, 'a token manages no other environment than its own', async (target) => {
  const objects = need(target.productionObjects, 'objects of its production client')
  const operations = (await guardedOperations(target)).filter(
    ({ path, scope }) => path.includes('{environment}') && scope !== 'operator',
  )
  need(operations[0], 'operation with an environment in its address')
  for (const operation of operations) {
    const answer = await callAs(target, operation, 'test', { ...objects, environment: 'production' })
    assert.equal(answer.status, 403, `${operation.method} ${operation.path}: ${shown(answer)}`)
  }
})

/** Calls an operation on these objects by the client of an environment. */
async function callAs(
  target: Target,
  { method, path, scope }: Operation,
  environment: 'test' | 'production',
  objects: Readonly<Record<string, string>>,
) {
  const usual = clientWith(target, scope)
  const live =
    usual === target.client
      ? production(target)
      : need(target.clients?.productionAccount, `production client with the scope ${scope}`)
  const token = await getToken(target, [scope], environment === 'test' ? usual : live)
  const all: Readonly<Record<string, string>> = { environment, ...target.sharedObjects, ...objects }
  const url = addressOf(target, path, (name) => need(all[name], `object for ${name}`))
  return callGuarded({ method, scope, url }, `Bearer ${token}`)
}
