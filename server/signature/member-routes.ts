// The documents of an account as its members see them in the dashboard.
import { Type } from 'typebox'
import type { Database } from '../database/tables.ts'
import { ownerOf } from '../http/account-routes.ts'
import { environmentParam } from '../http/environment-params.ts'
import { listOf, listQuery, page, pageRequest } from '../http/list.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { Problem } from '../vocabulary/problem.ts'
import { documentAnswer, presentDocument } from './routes.ts'
import { findDocument, listDocuments } from './store.ts'

const config = { permission: 'contents:read' as const }
const tags = ['Contents']

export function documentReads(db: Database): (server: HttpServer) => void {
  return (server) => {
    server.get(
      '/:environment/documents',
      {
        config,
        schema: {
          operationId: 'listAccountDocuments',
          summary: 'List the documents of the account, newest first',
          tags,
          params: Type.Object({ environment: environmentParam }),
          querystring: listQuery,
          response: { 200: listOf(documentAnswer) },
        },
      },
      async (request) => {
        const wanted = pageRequest(request.query)
        const found = page(await listDocuments(db, ownerOf(request), wanted), wanted.limit)
        return { ...found, items: found.items.map(presentDocument) }
      },
    )

    server.get(
      '/:environment/documents/:documentId',
      {
        config,
        schema: {
          operationId: 'getAccountDocument',
          summary: 'Read a document of the account',
          tags,
          params: Type.Object({ environment: environmentParam, documentId: Type.String({ maxLength: 128 }) }),
          response: { 200: documentAnswer, 404: problemSchema('There is no such document') },
        },
      },
      async (request) => {
        const document = await findDocument(db, ownerOf(request), request.params.documentId)
        if (!document)
          throw new Problem('not_found', 'There is no such document in this account and environment.')
        return presentDocument(document)
      },
    )
  }
}
