import assert from 'node:assert/strict'
import type { InjectOptions } from 'fastify'
import type { World } from './world.ts'

/** Sends a request; what its sender is told, and what is kept of it. */
export async function explain(world: World, request: InjectOptions) {
  const answer = await world.inject(request)
  await world.app.recorder.flush()
  const entry = await world.app.activity.find('deployment', String(answer.headers['request-id']))
  assert.ok(entry)
  return { answer, entry }
}
