// Any server can be the target: described by a file or by variables, found by its metadata.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { discover } from './discovery.ts'
import { openOwnTarget } from './own-target.ts'
import { openRemoteTarget, parseDescription, readDescription } from './remote-target.ts'
import { getToken } from './token-request.ts'

test('a server is found by its issuer and by its origin, and gives the described client a token', async () => {
  const own = await openOwnTarget()
  try {
    const { issuer, metadata, client } = own.target
    const { target } = await openRemoteTarget(issuer, {
      CONFORMANCE_CLIENT_ID: client.clientId,
      CONFORMANCE_CLIENT_SECRET: client.clientSecret,
      CONFORMANCE_SCOPES: 'document_read event',
    })
    assert.deepEqual([target.issuer, target.metadata], [issuer, metadata])
    assert.deepEqual(target.client.scopes, ['document_read', 'event'])
    assert.ok(await getToken(target))
    assert.equal((await discover(new URL(issuer).origin)).issuer, issuer)
    await assert.rejects(discover(`${issuer}/elsewhere`), /No metadata/)
  } finally {
    await own.close()
  }
})

test('a description that does not fit is refused with the place, without its secrets', () => {
  for (const [text, place] of [
    ['{}', /client/],
    ['{"client":{"clientId":"a","clientSecret":"hidden"}}', /\/client .*scopes/],
    ['{"client":{"clientId":"a","clientSecret":"hidden","scopes":[]},"gaurded":[]}', /gaurded/],
  ] as const) {
    assert.throws(
      () => parseDescription(text),
      (error: Error) => place.test(error.message) && !error.message.includes('hidden'),
    )
  }
  assert.throws(() => readDescription({}), /CONFORMANCE_TARGET=FILE.json/)
})
