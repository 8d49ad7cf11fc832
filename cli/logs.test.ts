import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createWorld } from '../server/testing/world.ts'
import { makeCli } from './testing/run-cli.ts'

const world = await createWorld({ realTime: true })
const url = await world.listen()
const admin = await world.makeClient({ scopes: ['account_read'] })
const other = await world.makeClient({ accountId: 'other', scopes: ['account_read'] })
const { clientId } = await world.makeClient({ scopes: ['event'] })
const settings = (client: { clientId: string; clientSecret: string }) => ({
  LATCHKEY_URL: url,
  LATCHKEY_CLIENT_ID: client.clientId,
  LATCHKEY_CLIENT_SECRET: client.clientSecret,
})
const cli = makeCli(settings(admin))
after(async () => {
  cli.remove()
  await world.close()
})

/** A refused token request. @returns its id. */
async function fail(): Promise<string> {
  const answer = await fetch(`${url}/oauth/connect/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:lk_test_wrong`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'event' }),
  })
  assert.equal(answer.status, 401)
  await world.app.recorder.flush()
  return answer.headers.get('request-id') ?? ''
}

test('explain says of a request why it was refused and what to do; to others it is unknown', async () => {
  const requestId = await fail()
  const { code, output } = await cli.run(['explain', requestId])
  assert.equal(code, 0)
  assert.match(output, /A token request in the name of test-.* was refused with 401 invalid_client/)
  assert.match(output, /Read more: http.*\/docs\/errors\/invalid_client/)
  const json = await cli.run(['explain', requestId, '--json'])
  assert.equal(JSON.parse(json.output).error, 'invalid_client')
  const strange = await cli.run(['explain', requestId], { env: settings(other) })
  assert.equal(strange.code, 1)
  assert.match(strange.errors, /No request req_.* is known in this account/)
})

test('logs shows what was, and follows what happens', async () => {
  const first = await fail()
  const listed = await cli.run(['logs', '--status', '4xx', '--json'])
  const ids = listed.output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).requestId)
  assert.equal(ids.at(-1), first, 'the newest stands last')
  const following = cli.start(['logs', '--follow', '--status', '4xx', '--limit', '0'])
  await following.until(/Following/)
  // The stream has begun when the server has answered: what comes then is in it, whoever was faster.
  const second = await fail()
  await following.until(new RegExp(second))
  const { code, output } = await following.interrupt()
  assert.equal(code, 0)
  assert.match(output, /401 invalid_client {2}POST \/oauth\/connect\/token {2}test-/)
})
