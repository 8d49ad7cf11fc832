import { after, before } from 'node:test'
import { createWorld, type World, type WorldOptions } from './world.ts'

/**
 * One world for a table of cases that do not disturb each other: starting one for each takes longer than the case.
 * Declares its start and its end in the file, or in the `describe` that calls it.
 */
export function sharedWorld(options: WorldOptions = {}): () => World {
  let world: World | undefined
  before(async () => {
    world = await createWorld(options)
  })
  after(() => world?.close())
  return () => {
    if (!world) throw new Error('The world is there once a test runs.')
    return world
  }
}
