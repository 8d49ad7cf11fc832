import type { Readable } from 'node:stream'
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../vocabulary/problem.ts'
import type { HttpServer } from './server.ts'

/** Multipart for the routes of one API: its hooks cost a little on each. Nothing is read until a route asks. */
export function acceptUploads(server: HttpServer): void {
  server.register(multipart, {
    throwFileSizeLimit: false,
    limits: { files: 1, fields: 10, fieldSize: 1024, fieldNameSize: 100, headerPairs: 50 },
  })
}

/**
 * Reads the one file of an upload.
 * @param field the name of the form field that holds it.
 * @param receive takes the stream; called once, and only for that field. It limits the size: the parser
 *   would cut a larger file off and call it whole.
 * @throws {Problem} when the body is not multipart, has no such file, or more than that one.
 */
export async function readUpload<Received extends { discard: () => Promise<void> }>(
  request: FastifyRequest,
  field: string,
  receive: (stream: Readable) => Promise<Received>,
): Promise<{ file: Received; fileName: string | undefined }> {
  const how = `Send multipart/form-data with the PDF in the field ${field} (curl: -F ${field}=@contract.pdf).`
  if (!request.isMultipart()) throw new Problem('unsupported_media_type', `The body is not multipart. ${how}`)
  let found: { file: Received; fileName: string | undefined } | undefined
  try {
    for await (const part of request.parts({ limits: { fileSize: Number.POSITIVE_INFINITY } })) {
      if (part.type !== 'file' || part.fieldname !== field) {
        throw new Problem(
          'invalid_request',
          `The upload has a field that this operation does not know. ${how}`,
        )
      }
      found = { file: await receive(part.file), fileName: part.filename }
    }
  } catch (error) {
    await found?.file.discard()
    throw error instanceof Problem ? error : asProblem(error, how)
  }
  if (!found) throw new Problem('invalid_request', `The upload has no file. ${how}`)
  return found
}

function asProblem(error: unknown, how: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^FST_(PARTS|FILES|FIELDS)_LIMIT$/.test(code))
    return new Problem('invalid_request', `The upload has more parts than one file. ${how}`)
  // The system's own errors (a full disk) are not the caller's.
  if (error instanceof Error && 'syscall' in error && code !== 'ECONNRESET') return error
  return new Problem('invalid_request', `The multipart body is broken or ends too early. ${how}`)
}
