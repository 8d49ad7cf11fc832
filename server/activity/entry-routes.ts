// Reading what happened: the list, and one request with why and what to do.
import { Type } from 'typebox'
import { ownerOf } from '../http/account-routes.ts'
import { listOf, listQuery, page, pageRequest } from '../http/list.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { environments } from '../vocabulary/environment.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { ActivityFilter, ActivityStore } from './activity-store.ts'
import type { ActivityEntry } from './entry.ts'
import { deploymentEntryAnswer, deploymentEntrySchema, entryAnswer, entrySchema } from './entry-schema.ts'
import { type Explain, explanationSchema } from './explanation.ts'
import { filterOf, listMembers, passes } from './filter.ts'

export const activityTags = ['Activity']
export const environmentParams = Type.Object({ environment: Type.Enum([...environments]) })

const accountQuery = Type.Object({ ...listQuery.properties, ...listMembers }, { additionalProperties: false })
const requestId = Type.String({ maxLength: 60, description: 'The Request-Id of the answer.' })

export function mountEntries(server: HttpServer, store: ActivityStore, explain: Explain): void {
  server.get(
    '/:environment/activity',
    {
      config: { permission: 'activity:read' },
      schema: {
        operationId: 'listActivity',
        summary: 'List token requests and API calls, newest first',
        description:
          'An entry can be found within five seconds of its answer. Of a flood of refusals the first of each second are kept; all are counted.',
        tags: activityTags,
        params: environmentParams,
        querystring: accountQuery,
        response: { 200: listOf(entrySchema) },
      },
    },
    async (request) => {
      const { items, nextCursor } = await list(
        store,
        filterOf(ownerOf(request), request.query),
        request.query,
      )
      return { items: items.map(entryAnswer), nextCursor }
    },
  )

  server.get(
    '/:environment/activity/:requestId',
    {
      config: { permission: 'activity:read' },
      schema: {
        operationId: 'getActivityEntry',
        summary: 'Read what happened to one request, why, and what to do',
        tags: activityTags,
        params: Type.Object({ ...environmentParams.properties, requestId }),
        response: {
          200: Type.Object({ ...entrySchema.properties, ...explanationSchema }),
          404: problemSchema('There is no such request of this account and environment'),
        },
      },
    },
    async (request) => {
      const owner = ownerOf(request)
      const entry = await store.find(owner, request.params.requestId)
      if (!entry) throw notFound()
      return { ...entryAnswer(entry), ...(await explain(entry)) }
    },
  )
}

export function mountDeploymentEntries(server: HttpServer, store: ActivityStore, explain: Explain): void {
  server.get(
    '/deployment/activity',
    {
      config: { permission: 'deployment:read' },
      schema: {
        operationId: 'listDeploymentActivity',
        summary: 'List the activity of all accounts, newest first, and what is nobody’s',
        tags: activityTags,
        querystring: accountQuery,
        response: { 200: listOf(deploymentEntrySchema) },
      },
    },
    async (request) => {
      const { items, nextCursor } = await list(store, filterOf('deployment', request.query), request.query)
      return { items: items.map(deploymentEntryAnswer), nextCursor }
    },
  )

  server.get(
    '/deployment/activity/:requestId',
    {
      config: { permission: 'deployment:read' },
      schema: {
        operationId: 'getDeploymentActivityEntry',
        summary: 'Read what happened to one request of any account',
        tags: activityTags,
        params: Type.Object({ requestId }),
        response: {
          200: Type.Object({ ...deploymentEntrySchema.properties, ...explanationSchema }),
          404: problemSchema('There is no such request'),
        },
      },
    },
    async (request) => {
      const entry = await store.find('deployment', request.params.requestId)
      if (!entry) throw notFound()
      return { ...deploymentEntryAnswer(entry), ...(await explain(entry)) }
    },
  )
}

async function list(
  store: ActivityStore,
  filter: ActivityFilter,
  query: { limit: number; cursor?: string; search?: string },
): Promise<{ items: ActivityEntry[]; nextCursor: string | null }> {
  const { search } = query
  if (search !== undefined) {
    const entry = await store.find(filter.of, search.startsWith('req_') ? search : `req_${search}`)
    return { items: entry && passes(filter, entry) ? [entry] : [], nextCursor: null }
  }
  const wanted = pageRequest(query)
  return page(await store.page(filter, wanted), query.limit)
}

function notFound(): Problem {
  return new Problem(
    'not_found',
    'There is no such request of this account and environment. It shows within five seconds of its answer, and as long as activity is kept.',
  )
}
