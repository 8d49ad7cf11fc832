import { Type } from 'typebox'
import { accountCallerOf } from '../http/account-routes.ts'
import { idempotencyHeaders, keyedRequest, writeKeyed } from '../http/idempotency-key.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { seenVersion, seenVersionIfAny, versionHeaders, writeVersion } from '../http/versions.ts'
import { Problem } from '../vocabulary/problem.ts'
import { presentApi } from './answers.ts'
import { addApi, changeApi, removeApi } from './change.ts'
import type { ApiFacts } from './change-store.ts'
import { viewerOf } from './read-routes.ts'
import { findApiFaults, findScopeFaults, resourceServerFaults } from './rules.ts'
import { apiAnswer, apiChange, apiParams, newApi } from './schemas.ts'
import { findApi, listScopes } from './store.ts'
import {
  type CatalogueWriteOptions,
  type CatalogueWriter,
  type ChangeUnderWay,
  getChangeable,
  refuseFaults,
} from './write.ts'

const tags = ['Catalogue']
const permission = 'catalogue:write'

/** What the operator does with APIs: register, change, delete. */
export function apiWriteRoutes(
  options: CatalogueWriteOptions,
  writer: CatalogueWriter,
): (server: HttpServer) => void {
  return (server) => {
    server.post(
      '/apis',
      {
        config: { permission },
        schema: {
          operationId: 'registerApi',
          summary: 'Register an API',
          tags,
          headers: idempotencyHeaders,
          body: newApi,
          response: {
            201: apiAnswer,
            409: problemSchema('An id, audience or scope name is taken, or there are too many'),
            422: problemSchema('A value cannot be used'),
          },
        },
      },
      async (request, reply) => {
        const { scopes = [], ...facts } = request.body
        const viewer = await viewerOf(accountCallerOf(request), options)
        const answer = await writer.create(
          accountCallerOf(request),
          keyedRequest(request),
          async (change) => {
            const { tx } = change
            const names = scopes.map(({ name }) => name)
            if (await findApi(tx, facts.id))
              throw new Problem(
                'conflict',
                'There is an API with this id already. Choose another id, or change that one.',
              )
            refuseFaults([
              ...(await findApiFaults(tx, facts.id, facts)),
              ...(await findScopeFaults(tx, facts.id, names, 0)),
              ...resourceServerFaults(await options.findMissingClients(tx, facts.resourceServers ?? [])),
            ])
            await addApi(change, { ...facts, audiences: inOrder(facts.audiences), scopes })
            return presentStored(change, facts.id, viewer)
          },
        )
        const body = writeKeyed(reply, answer)
        writeVersion(reply, body.version)
        reply.header('location', `/account/apis/${body.id}`)
        return body
      },
    )

    server.patch(
      '/apis/:apiId',
      {
        config: { permission },
        schema: {
          operationId: 'updateApi',
          summary: 'Change an API',
          description: 'If-Match says which state is changed. Members that are left out stay as they are.',
          tags,
          params: apiParams,
          headers: versionHeaders,
          body: apiChange,
          response: { 200: apiAnswer, ...changeRefusals },
        },
      },
      async (request, reply) => {
        const { apiId } = request.params
        const seen = seenVersion(request)
        const viewer = await viewerOf(accountCallerOf(request), options)
        const { audiences, ...others } = request.body
        const wanted: Partial<ApiFacts> = { ...others, ...(audiences && { audiences: inOrder(audiences) }) }
        const answer = await writer.change(accountCallerOf(request), async (change) => {
          const { tx } = change
          const { api } = await getChangeable(tx, apiId, seen)
          refuseFaults([
            ...(await findApiFaults(tx, apiId, wanted)),
            ...resourceServerFaults(await options.findMissingClients(tx, wanted.resourceServers ?? [])),
          ])
          await changeApi(change, api, wanted)
          return presentStored(change, apiId, viewer)
        })
        writeVersion(reply, answer.version)
        return answer
      },
    )

    server.delete(
      '/apis/:apiId',
      {
        config: { permission },
        schema: {
          operationId: 'deleteApi',
          summary: 'Delete an API that no client uses',
          description: 'If-Match may say which state is deleted.',
          tags,
          params: apiParams,
          headers: versionHeaders,
          response: { 204: Type.Null({ description: 'It is deleted' }), ...changeRefusals },
        },
      },
      async (request, reply) => {
        const { apiId } = request.params
        await writer.change(accountCallerOf(request), async (change) => {
          const { tx } = change
          const { api, scopes } = await getChangeable(tx, apiId, seenVersionIfAny(request))
          const names = scopes.map(({ name }) => name)
          const { clients, accounts } = await options.countScopeHolders(tx, names)
          if (clients > 0) {
            throw new Problem(
              'conflict',
              `${clients} clients of ${accounts} accounts have scopes of this API. Retire its scopes and take them from the clients first; a deleted client counts for ten minutes.`,
              { members: { clients, accounts } },
            )
          }
          await options.forgetScopes(change.outer, names)
          await removeApi(change, api, scopes)
        })
        return reply.code(204).send(null)
      },
    )
  }
}

export const changeRefusals = {
  404: problemSchema('There is no such API or scope'),
  409: problemSchema('It is built in, or something else is in the way'),
  412: problemSchema('It was changed meanwhile'),
  422: problemSchema('A value cannot be used'),
  428: problemSchema('The request must say which state it changes'),
}

async function presentStored(
  change: ChangeUnderWay,
  apiId: string,
  viewer: Parameters<typeof presentApi>[2],
) {
  const api = await findApi(change.tx, apiId)
  if (!api) throw new Error('The API that was just written is gone.')
  return presentApi(api, await listScopes(change.tx, apiId), viewer)
}

/** As it is stored: a difference is found by comparing texts. */
function inOrder({ test, production }: ApiFacts['audiences']): ApiFacts['audiences'] {
  return { test, production }
}
