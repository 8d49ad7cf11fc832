import { Type } from 'typebox'
import type { HttpServer } from './server.ts'

export interface HealthOptions {
  /** What must work for this node to take requests, each by its name. */
  checks: Record<string, () => Promise<boolean>>
}

const state = Type.Object({ status: Type.String() })
const failing = Type.Object({ status: Type.Literal('not ready'), failing: Type.Array(Type.String()) })

/** `/livez`: the process runs. `/readyz`: it can do its work; 503 names the components that cannot. */
export function mountHealth(server: HttpServer, { checks }: HealthOptions): void {
  server.get(
    '/livez',
    {
      schema: {
        operationId: 'checkLiveness',
        summary: 'Is the process alive?',
        tags: ['Service'],
        response: { 200: state },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store')
      return { status: 'alive' }
    },
  )
  server.get(
    '/readyz',
    {
      schema: {
        operationId: 'checkReadiness',
        summary: 'Can this node take requests?',
        tags: ['Service'],
        response: { 200: state, 503: failing },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store')
      const results = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => ((await check()) ? [] : [name])),
      )
      const names = results.flat()
      if (names.length > 0) return reply.code(503).send({ status: 'not ready' as const, failing: names })
      return { status: 'ready' }
    },
  )
}
