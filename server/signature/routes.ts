import type { Readable } from 'node:stream'
import { create as contentDisposition } from 'content-disposition'
import { Type } from 'typebox'
import type { Database } from '../database/tables.ts'
import { recordEvent } from '../events.ts'
import { callerOf } from '../http/guarded-routes.ts'
import { listOf, listQuery, page, pageRequest } from '../http/list.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { acceptUploads, readUpload } from '../http/upload.ts'
import { isoTime, type NewId, type Now } from '../vocabulary/clock.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { Problem } from '../vocabulary/problem.ts'
import { cleanFileName, type Document, fileLimitBytes } from './document.ts'
import type { DocumentFiles } from './files.ts'
import { findDocument, insertDocument, listDocuments } from './store.ts'

export interface SignatureOptions {
  db: Database
  files: DocumentFiles
  now: Now
  newId: NewId
}

export const documentAnswer = Type.Object({
  id: Type.String({
    description: 'doc_ and a UUIDv7.',
    examples: ['doc_01993f3c-7a2b-7c41-9b0e-5f1d2c3b4a59'],
  }),
  name: Type.String({ description: 'The name of the uploaded file.', examples: ['contract.pdf'] }),
  status: Type.Literal('unsigned'),
  sizeBytes: Type.Integer({ examples: [48213] }),
  sha256: Type.String({
    description: 'SHA-256 of the uploaded bytes, hex.',
    examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  }),
  createdAt: Type.String({ format: 'date-time' }),
})

// OpenAPI's way of saying bytes; what is sent is the stream itself.
const pdfBytes = Type.Unsafe<Readable>({ type: 'string', format: 'binary' })

const uploadForm = Type.Object({
  file: Type.Unsafe<Readable>({ type: 'string', format: 'binary', description: 'The PDF, up to 25 MB.' }),
})

const documentParams = Type.Object({ documentId: Type.String({ description: 'The id of the document.' }) })
const unknownDocument = problemSchema('No such document in this account and environment')

export function signatureRoutes({ db, files, now, newId }: SignatureOptions): (server: HttpServer) => void {
  async function getDocument(owner: Owner, documentId: string): Promise<Document> {
    const document = await findDocument(db, owner, documentId)
    if (document) return document
    throw new Problem(
      'not_found',
      'There is no such document in this account and environment. GET /signature/documents lists them.',
    )
  }

  return (server) => {
    acceptUploads(server)

    server.post(
      '/documents',
      {
        config: { scope: 'document_write', streamsBody: true, describedBody: uploadForm },
        bodyLimit: fileLimitBytes + 64 * 1024,
        schema: {
          operationId: 'createDocument',
          summary: 'Create a document from a PDF',
          consumes: ['multipart/form-data'],
          response: {
            201: documentAnswer,
            413: problemSchema('The file is larger than 25 MB'),
            415: problemSchema('The body is not multipart/form-data'),
            422: problemSchema('The file is not a PDF'),
          },
        },
      },
      async (request, reply) => {
        const caller = callerOf(request)
        const { file, fileName } = await readUpload(request, 'file', (stream) => files.receive(stream))
        const document: Document = {
          id: newId('doc'),
          name: cleanFileName(fileName),
          status: 'unsigned',
          sizeBytes: file.sizeBytes,
          sha256: file.sha256,
          createdAt: now(),
        }
        try {
          // The file is safe before the row is: a listed document always has its bytes.
          await file.keep(document.id)
          await db.transaction().execute(async (tx) => {
            await insertDocument(tx, caller, caller.clientId, document)
            await recordEvent(
              tx,
              caller,
              { type: 'document.created', data: { documentId: document.id, status: document.status } },
              newId,
              document.createdAt,
            )
          })
        } catch (error) {
          await file.discard()
          await files.remove(document.id)
          throw error
        }
        reply.code(201).header('location', `/signature/documents/${document.id}`)
        return presentDocument(document)
      },
    )

    server.get(
      '/documents',
      {
        config: { scope: 'document_read' },
        schema: {
          operationId: 'listDocuments',
          summary: 'List documents, newest first',
          querystring: listQuery,
          response: { 200: listOf(documentAnswer) },
        },
      },
      async (request) => {
        const wanted = pageRequest(request.query)
        const { items, nextCursor } = page(await listDocuments(db, callerOf(request), wanted), wanted.limit)
        return { items: items.map(presentDocument), nextCursor }
      },
    )

    server.get(
      '/documents/:documentId',
      {
        config: { scope: 'document_read' },
        schema: {
          operationId: 'getDocument',
          summary: 'Read a document',
          params: documentParams,
          response: { 200: documentAnswer, 404: unknownDocument },
        },
      },
      async (request) => presentDocument(await getDocument(callerOf(request), request.params.documentId)),
    )

    server.get(
      '/documents/:documentId/files/unsigned',
      {
        config: { scope: 'document_file' },
        schema: {
          operationId: 'downloadUnsignedFile',
          summary: 'Download the file as it was uploaded, byte for byte',
          params: documentParams,
          response: {
            200: {
              description: 'The PDF',
              content: { 'application/pdf': { schema: pdfBytes } },
            },
            404: unknownDocument,
          },
        },
      },
      async (request, reply) => {
        const document = await getDocument(callerOf(request), request.params.documentId)
        reply.headers({
          'content-type': 'application/pdf',
          'content-length': document.sizeBytes,
          'content-disposition': contentDisposition(document.name),
          'content-security-policy': "default-src 'none'; sandbox",
        })
        return reply.send(files.read(document.id))
      },
    )
  }
}

export function presentDocument({ createdAt, ...document }: Document) {
  return { ...document, createdAt: isoTime(createdAt) }
}
