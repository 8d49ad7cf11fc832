// Statement 109: forged tokens do not make a guard hammer the server of the keys.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { assertBearerError } from './answer.ts'
import { decodeToken, signedToken } from './jwt.ts'
import { requirement } from './requirement.ts'
import { type FetchingApi, need, type Target } from './target.ts'
import { callGuarded, getToken } from './token-request.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

async function withApi(target: Target, check: (api: FetchingApi, token: string) => Promise<void>) {
  const api = await need(target.openFetchingApi, 'API whose fetches can be counted')()
  const client = need(target.clients?.production, 'production client')
  try {
    await check(api, await getToken(target, [api.call.scope], client))
  } finally {
    await api.close()
  }
}

/** Tokens with kids that nobody published, one after the other and all at once. */
async function sendForgeries(api: FetchingApi, token: string) {
  const { header, claims } = decodeToken(token)
  const forge = (number: number) => signedToken({ ...header, kid: `forged-${number}` }, claims, privateKey)
  const call = (number: number) => callGuarded(api.call, `Bearer ${forge(number)}`)
  const answers = []
  for (let number = 0; number < 20; number += 1) answers.push(await call(number))
  answers.push(...(await Promise.all(Array.from({ length: 80 }, (_, number) => call(100 + number)))))
  return answers
}

// Our limit: one refetch in 30 s.
requirement(109, 'a hundred unknown kids cause one refetch at most', async (target) => {
  await withApi(target, async (api, token) => {
    assert.equal((await callGuarded(api.call, `Bearer ${token}`)).status, 200)
    const before = api.fetches()
    for (const answer of await sendForgeries(api, token)) assertBearerError(answer, 401, 'invalid_token')
    assert.ok(api.fetches() - before <= 1, `${api.fetches() - before} fetches`)
    assert.equal((await callGuarded(api.call, `Bearer ${token}`)).status, 200)
  })
})
requirement(109, 'a guard that starts with a hundred unknown kids fetches twice at most', async (target) => {
  await withApi(target, async (api, token) => {
    await sendForgeries(api, token)
    assert.ok(api.fetches() <= 2, `${api.fetches()} fetches`)
  })
})
requirement(109, 'also while the keys cannot be fetched', async (target) => {
  await withApi(target, async (api, token) => {
    api.breakKeys()
    await sendForgeries(api, token)
    assert.ok(api.fetches() <= 2, `${api.fetches()} fetches`)
  })
})
