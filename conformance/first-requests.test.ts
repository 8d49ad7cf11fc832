// Statement 146: everybody starts at once.
import assert from 'node:assert/strict'
import { requirement } from './requirement.ts'
import { need } from './target.ts'
import { basic, postToken, requestBody } from './token-request.ts'

// Our choice: one question to the database, however many wait for its answer.
requirement(146, '1,000 parallel first requests for one client: all 200, one load', async (target) => {
  const client = await need(target.makeClient, 'way to make clients during the run')()
  const loads = need(target.clientLoads, 'count of loads')
  const post = { authorization: basic(client), body: requestBody(client.scopes[0] ?? '') }
  const before = loads()
  const answers = await Promise.all(Array.from({ length: 1000 }, () => postToken(target, post)))
  assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200])
  assert.equal(loads() - before, 1)
})
