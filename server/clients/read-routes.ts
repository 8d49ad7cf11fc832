import { Type } from 'typebox'
import { ownerOf } from '../http/account-routes.ts'
import { listOf, listQuery } from '../http/list.ts'
import type { HttpServer } from '../http/server.ts'
import { writeVersion } from '../http/versions.ts'
import { Problem } from '../vocabulary/problem.ts'
import { presentListed } from './client-answer.ts'
import { type ClientOperations, clientProblems, showClient } from './client-operation.ts'
import { clientAnswer, clientParams, environmentParams, listedClient, scopeText } from './client-schema.ts'
import { type Birth, clientStates, listClients } from './list-store.ts'
import { getManagedClient } from './managed-client.ts'
import { noSecrets, summariseSecrets } from './managed-store.ts'

const tags = ['API clients']

const query = Type.Object(
  {
    ...listQuery.properties,
    search: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 130,
        pattern: '^[^\\u0000-\\u001f\\u007f]*$',
        description: 'A part of the name or id, in any letter case.',
      }),
    ),
    state: Type.Optional(
      Type.Enum([...clientStates], { description: 'Left out: all that are not deleted.' }),
    ),
    scope: Type.Optional(scopeText),
  },
  { additionalProperties: false },
)

export function mountClientReads(server: HttpServer, options: ClientOperations): void {
  const { db, now } = options

  server.get(
    '/:environment/api-clients',
    {
      config: { permission: 'clients:read' },
      schema: {
        operationId: 'listApiClients',
        summary: 'List API clients, newest first',
        tags,
        params: environmentParams,
        querystring: query,
        response: { 200: listOf(listedClient) },
      },
    },
    async (request) => {
      const owner = ownerOf(request)
      const { cursor, limit, search, state, scope } = request.query
      const below = cursor === undefined ? undefined : readCursor(cursor)
      const rows = await listClients(db, owner, { search, state, scope, below, limit }, now())
      const items = rows.slice(0, limit)
      const ids = items.map(({ id }) => id)
      const secrets = await summariseSecrets(db, owner, ids, now())
      const last = rows.length > limit ? items.at(-1) : undefined
      return {
        items: items.map((item) => presentListed(item, secrets.get(item.id) ?? noSecrets)),
        nextCursor: last ? writeCursor(last) : null,
      }
    },
  )

  server.get(
    '/:environment/api-clients/:clientId',
    {
      config: { permission: 'clients:read' },
      schema: {
        operationId: 'getApiClient',
        summary: 'Read an API client',
        description: 'Its ETag is what a change names in If-Match.',
        tags,
        params: clientParams,
        response: { 200: clientAnswer, 404: clientProblems[404] },
      },
    },
    async (request, reply) => {
      const client = await getManagedClient(db, ownerOf(request), request.params.clientId, now())
      writeVersion(reply, client.version)
      return showClient(db, client, options)
    },
  )
}

/** Ids of clients do not sort by their age: where a page ends is a time and an id. */
function writeCursor({ createdAt, id }: Birth): string {
  return Buffer.from(`${createdAt} ${id}`, 'latin1').toString('base64url')
}

/** @throws {Problem} `invalid_cursor` for anything that is not a `nextCursor` of ours. */
function readCursor(cursor: string): Birth {
  const text = Buffer.from(cursor, 'base64url').toString('latin1')
  const [, at, id] = /^(\d{1,15}) ([A-Za-z0-9][A-Za-z0-9._~-]{2,127})$/.exec(text) ?? []
  if (at === undefined || id === undefined) {
    throw new Problem(
      'invalid_cursor',
      'The cursor is not one of ours. Send the nextCursor of the page before, unchanged.',
    )
  }
  return { createdAt: Number(at), id }
}
