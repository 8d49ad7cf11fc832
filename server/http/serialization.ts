import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifySerializerCompiler } from 'fastify'

const compile = SerializerSelector()({}, {})

/**
 * Writes answers by their schema, so that nothing leaves that is not in it. Compiled when the first such answer is
 * sent: a route documents many answers that are never given, and all of them at once cost half of the start.
 */
export const compileSerializer: FastifySerializerCompiler<unknown> = ({
  method,
  url,
  httpStatus = '',
  schema,
}) => {
  let write: ((answer: unknown) => string) | undefined
  return (answer) => {
    write ??= compile({ method, url, httpStatus, schema })
    return write(answer)
  }
}
