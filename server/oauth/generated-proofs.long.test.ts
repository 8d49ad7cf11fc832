import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendGeneratedProofs } from '../testing/generated-proofs.ts'

test('of 20,000 generated DPoP proofs only right ones are accepted, and none is a fault of ours', async () => {
  assert.ok((await sendGeneratedProofs(20_000)) > 500, 'right ones are among them')
})
