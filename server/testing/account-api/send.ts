import { text } from 'node:stream/consumers'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import type { World } from '../world.ts'
import type { Operation } from './operations.ts'

export type SentAnswer = Pick<LightMyRequestResponse, 'statusCode' | 'headers' | 'body'>

/** Calls an operation; of a stream that has no end nothing is read but that it began. */
export async function send(world: World, operation: Operation, request: InjectOptions): Promise<SentAnswer> {
  if (!operation.isStream) return world.inject(request)
  const { statusCode, headers, ...rest } = await world.inject({ ...request, payloadAsStream: true })
  const stream = rest.stream()
  const began = statusCode === 200
  if (began) stream.destroy()
  return { statusCode, headers, body: began ? '' : await text(stream) }
}
