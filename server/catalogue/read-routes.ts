import { accountCallerOf } from '../http/account-routes.ts'
import { cursorKey, cursorOf, listOf } from '../http/list.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { writeVersion } from '../http/versions.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { Problem } from '../vocabulary/problem.ts'
import { operates, presentApi, presentFacts, presentScope, type Viewer } from './answers.ts'
import type { Entitlement } from './availability.ts'
import type { Catalogue } from './catalogue.ts'
import { smallestScopes } from './endpoints.ts'
import { apiIdPattern, scopeNamePattern } from './rules.ts'
import {
  apiAnswer,
  apiListQuery,
  apiParams,
  apiQuery,
  apiSummary,
  type ScopeAnswer,
  scopeAnswer,
  scopeListQuery,
} from './schemas.ts'

export interface CatalogueReadOptions {
  catalogue: Catalogue
  /** What an account has that decides which scopes it may give its clients. */
  findEntitlement: (accountId: string) => Promise<Entitlement | undefined>
}

const tags = ['Catalogue']
const permission = 'catalogue:read'

/** The APIs and scopes that there are, as the account that asks may have them. */
export function catalogueReadRoutes(options: CatalogueReadOptions): (server: HttpServer) => void {
  const { catalogue } = options
  return (server) => {
    server.get(
      '/apis',
      {
        config: { permission },
        schema: {
          operationId: 'listApis',
          summary: 'List the APIs',
          tags,
          querystring: apiListQuery,
          response: { 200: listOf(apiSummary) },
        },
      },
      async (request) => {
        const { limit, cursor } = request.query
        const after = cursorKey(cursor, new RegExp(apiIdPattern))
        const viewer = await viewerOf(accountCallerOf(request), options)
        const apis = catalogue.apis().filter((api) => after === undefined || api.id > after)
        const counts = new Map<string, number>()
        for (const { apiId } of catalogue.scopes()) counts.set(apiId, (counts.get(apiId) ?? 0) + 1)
        return pageOf(
          apis,
          limit,
          ({ id }) => id,
          (api) => ({
            ...presentFacts(api, viewer),
            scopeCount: counts.get(api.id) ?? 0,
          }),
        )
      },
    )
    server.get(
      '/apis/:apiId',
      {
        config: { permission },
        schema: {
          operationId: 'getApi',
          summary: 'Read an API and its scopes',
          tags,
          params: apiParams,
          querystring: apiQuery,
          response: { 200: apiAnswer, 404: problemSchema('There is no such API') },
        },
      },
      async (request, reply) => {
        const { apiId } = request.params
        const viewer = await viewerOf(accountCallerOf(request), options, request.query.environment)
        const { api, scopes } = findInMemory(catalogue, apiId)
        writeVersion(reply, api.version)
        return presentApi(api, scopes, viewer)
      },
    )
    server.get(
      '/scopes',
      {
        config: { permission },
        schema: {
          operationId: 'listScopes',
          summary: 'List the scopes, or find those that an operation needs',
          tags,
          querystring: scopeListQuery,
          response: { 200: listOf(scopeAnswer), 404: problemSchema('No scope unlocks the operation') },
        },
      },
      async (request) => {
        const { limit, cursor, api, available, environment, endpoint } = request.query
        const after = cursorKey(cursor, new RegExp(scopeNamePattern))
        const viewer = await viewerOf(accountCallerOf(request), options, environment)
        const ofApi = catalogue.scopes().filter((scope) => api === undefined || scope.apiId === api)
        const asked = endpoint === undefined || Array.isArray(endpoint) ? endpoint : [endpoint]
        const found = asked
          ? smallestScopes(
              asked,
              ofApi.filter((scope) => scope.retiredAt === null),
            )
          : ofApi
        const scopes: ScopeAnswer[] = []
        for (const scope of found) {
          if (after !== undefined && scope.name <= after) continue
          const shown = presentScope(scope, viewer)
          if (available !== undefined && shown.available !== available) continue
          scopes.push(shown)
          // One more than the page holds tells that there are more.
          if (scopes.length > limit) break
        }
        return pageOf(
          scopes,
          limit,
          ({ name }) => name,
          (scope) => scope,
        )
      },
    )
  }
}

function findInMemory(catalogue: Catalogue, apiId: string) {
  const api = catalogue.apis().find(({ id }) => id === apiId)
  if (!api) throw noSuchApi()
  return { api, scopes: catalogue.scopes().filter((scope) => scope.apiId === apiId) }
}

export function noSuchApi(): Problem {
  return new Problem('not_found', 'There is no such API. GET /account/apis lists all of them.')
}

/** As which account, and for which environment, the catalogue is shown. */
export async function viewerOf(
  caller: AccountCaller,
  { findEntitlement }: Pick<CatalogueReadOptions, 'findEntitlement'>,
  asked?: Environment,
): Promise<Viewer> {
  if (asked !== undefined && caller.environment !== undefined && asked !== caller.environment) {
    throw new Problem(
      'wrong_environment',
      `This token knows ${caller.environment} only. Leave environment out, or use the token of a ${asked} client.`,
    )
  }
  const entitlement = (await findEntitlement(caller.accountId)) ?? { production: 'none', grantedScopes: [] }
  return {
    entitlement,
    environment: caller.environment ?? asked ?? 'test',
    operates: operates(caller),
  }
}

function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => string,
  present: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(present),
    nextCursor: rows.length > limit && last !== undefined ? cursorOf(keyOf(last)) : null,
  }
}
