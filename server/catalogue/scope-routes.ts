import { type Static, Type } from 'typebox'
import { effectiveOn } from '../database/nodes.ts'
import { accountCallerOf } from '../http/account-routes.ts'
import { idempotencyHeaders, keyedRequest, writeKeyed } from '../http/idempotency-key.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpRequest, HttpServer } from '../http/server.ts'
import { seenVersion, seenVersionIfAny, versionHeaders, writeVersion } from '../http/versions.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { SeenVersion } from '../vocabulary/seen-version.ts'
import { presentScope } from './answers.ts'
import { changeRefusals } from './api-routes.ts'
import { addScope, changeScope } from './change.ts'
import { viewerOf } from './read-routes.ts'
import { findScopeFaults } from './rules.ts'
import {
  apiParams,
  deprecation,
  newScope,
  retirement,
  scopeAnswer,
  scopeChange,
  scopeParams,
} from './schemas.ts'
import { findApi, findScope, type StoredScope } from './store.ts'
import {
  type CatalogueWriteOptions,
  type CatalogueWriter,
  type ChangeUnderWay,
  getChangeable,
  refuseFaults,
} from './write.ts'

const tags = ['Catalogue']
const permission = 'catalogue:write'

const changedScope = Type.Object({
  ...scopeAnswer.properties,
  apiVersion: Type.Integer({ description: 'The version of the API: what its ETag says.' }),
})

const narrowedScope = Type.Object({
  ...changedScope.properties,
  accountsGranted: Type.Integer({
    description:
      'When it became a scope that is granted: how many accounts were given it, because their clients have it.',
  }),
})

const retiredScope = Type.Object({
  ...changedScope.properties,
  clients: Type.Integer({ description: 'How many clients have it: they get no token with it any more.' }),
  accounts: Type.Integer({ description: 'Of how many accounts they are.' }),
  effectiveOn,
})

/** What the operator does with the scopes of an API: add, change, deprecate, retire, bring back. */
export function scopeWriteRoutes(
  options: CatalogueWriteOptions,
  writer: CatalogueWriter,
): (server: HttpServer) => void {
  /** Changes a scope, as the caller saw it. @returns it as it is then, and what `step` adds. */
  async function changeOne<More extends object>(
    request: HttpRequest,
    params: Static<typeof scopeParams>,
    seen: SeenVersion,
    step: (change: ChangeUnderWay, scope: StoredScope) => Promise<More>,
  ) {
    const caller = accountCallerOf(request)
    const viewer = await viewerOf(caller, options)
    return writer.change(caller, async (change) => {
      const scope = await getScope(change, params, seen)
      const more = await step(change, scope)
      return { ...(await presentStored(change, scope.name, viewer)), ...more }
    })
  }

  return (server) => {
    server.post(
      '/apis/:apiId/scopes',
      {
        config: { permission },
        schema: {
          operationId: 'addScope',
          summary: 'Add a scope to an API',
          tags,
          params: apiParams,
          headers: idempotencyHeaders,
          body: newScope,
          response: {
            201: changedScope,
            404: problemSchema('There is no such API'),
            409: problemSchema('The name is taken, or there are too many'),
            422: problemSchema('A value cannot be used'),
          },
        },
      },
      async (request, reply) => {
        const { apiId } = request.params
        const viewer = await viewerOf(accountCallerOf(request), options)
        const answer = await writer.create(
          accountCallerOf(request),
          keyedRequest(request),
          async (change) => {
            const { tx } = change
            const { scopes } = await getChangeable(tx, apiId, 'any')
            const { name } = request.body
            if (scopes.some((scope) => scope.name === name))
              throw new Problem('conflict', 'This API has a scope of this name already. Change that one.')
            refuseFaults(await findScopeFaults(tx, apiId, [name], scopes.length))
            await addScope(change, apiId, request.body)
            return presentStored(change, name, viewer)
          },
        )
        const body = writeKeyed(reply, answer)
        writeVersion(reply, body.apiVersion)
        return body
      },
    )

    server.patch(
      '/apis/:apiId/scopes/:scope',
      {
        config: { permission },
        schema: {
          operationId: 'updateScope',
          summary: 'Change a scope',
          description:
            'If-Match is the ETag of the API. A scope that becomes granted is given to the accounts whose clients have it.',
          tags,
          params: scopeParams,
          headers: versionHeaders,
          body: scopeChange,
          response: { 200: narrowedScope, ...changeRefusals },
        },
      },
      async (request, reply) => {
        const answer = await changeOne(
          request,
          request.params,
          seenVersion(request),
          async (change, scope) => {
            const { accountsGranted } = await changeScope(change, scope, request.body)
            return { accountsGranted }
          },
        )
        writeVersion(reply, answer.apiVersion)
        return answer
      },
    )

    server.post(
      '/apis/:apiId/scopes/:scope/deprecate',
      {
        config: { permission },
        schema: {
          operationId: 'deprecateScope',
          summary: 'Deprecate a scope',
          description: 'Clients that have it go on; the docs and the log say what to use instead.',
          tags,
          params: scopeParams,
          headers: versionHeaders,
          body: deprecation,
          response: { 200: changedScope, ...changeRefusals },
        },
      },
      async (request, reply) => {
        const { note, at } = request.body
        const seen = seenVersionIfAny(request)
        const answer = await changeOne(request, request.params, seen, async (change, scope) => {
          const deprecatedAt = at === undefined ? (scope.deprecatedAt ?? change.nowMs) : timeOf(at)
          await changeScope(change, scope, { deprecatedAt, deprecationNote: note }, 'scope.deprecated')
          return {}
        })
        writeVersion(reply, answer.apiVersion)
        return answer
      },
    )

    server.post(
      '/apis/:apiId/scopes/:scope/retire',
      {
        config: { permission },
        schema: {
          operationId: 'retireScope',
          summary: 'Retire a scope',
          description:
            'No token gets it from then on; the refusal says what to use instead. Refused while clients have it, unless force is true.',
          tags,
          params: scopeParams,
          headers: versionHeaders,
          body: retirement,
          response: { 200: retiredScope, ...changeRefusals },
        },
      },
      async (request, reply) => {
        const seen = seenVersionIfAny(request)
        const answer = await changeOne(request, request.params, seen, async (change, scope) => {
          const { clients, accounts } = await options.countScopeHolders(change.tx, [scope.name])
          if (clients > 0 && request.body.force !== true && scope.retiredAt === null) {
            throw new Problem(
              'conflict',
              `${clients} clients of ${accounts} accounts have this scope and would get no token with it. Deprecate it first and wait for them, or send force: true. A deleted client counts for ten minutes.`,
              { members: { clients, accounts } },
            )
          }
          const retiredAt = scope.retiredAt ?? change.nowMs
          await changeScope(change, scope, { retiredAt }, 'scope.retired')
          return { clients, accounts }
        })
        writeVersion(reply, answer.apiVersion)
        return { ...answer, effectiveOn: await options.changes.waitForNodes() }
      },
    )

    server.post(
      '/apis/:apiId/scopes/:scope/restore',
      {
        config: { permission },
        schema: {
          operationId: 'restoreScope',
          summary: 'Bring a retired or deprecated scope back into use',
          tags,
          params: scopeParams,
          headers: versionHeaders,
          response: { 200: changedScope, ...changeRefusals },
        },
      },
      async (request, reply) => {
        const seen = seenVersionIfAny(request)
        const answer = await changeOne(request, request.params, seen, async (change, scope) => {
          const inUse = { deprecatedAt: null, deprecationNote: null, retiredAt: null }
          await changeScope(change, scope, inUse, 'scope.restored')
          return {}
        })
        writeVersion(reply, answer.apiVersion)
        return answer
      },
    )
  }
}

async function getScope(
  change: ChangeUnderWay,
  { apiId, scope }: Static<typeof scopeParams>,
  seen: Parameters<typeof getChangeable>[2],
): Promise<StoredScope> {
  const { scopes } = await getChangeable(change.tx, apiId, seen)
  const found = scopes.find(({ name }) => name === scope)
  if (found) return found
  throw new Problem('not_found', 'This API has no such scope. GET /account/apis/{apiId} lists them.')
}

async function presentStored(
  change: ChangeUnderWay,
  name: string,
  viewer: Parameters<typeof presentScope>[1],
): Promise<Static<typeof changedScope>> {
  const scope = await findScope(change.tx, name)
  const api = scope && (await findApi(change.tx, scope.apiId))
  if (!api) throw new Error('The scope that was just written is gone.')
  return { ...presentScope(scope, viewer), apiVersion: api.version }
}

function timeOf(text: string): number {
  const at = Date.parse(text)
  if (Number.isNaN(at))
    throw new Problem('invalid_value', 'The time at is none. Send e.g. 2026-11-24T12:00:00Z.')
  return at
}
