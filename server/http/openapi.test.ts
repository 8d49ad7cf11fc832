import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dashboardAddresses } from '../pages/dashboard.ts'
import { createWorld } from '../testing/world.ts'

interface Operation {
  operationId?: string
  tags?: string[]
  security?: Record<string, string[]>[]
  summary?: string
  responses: Record<string, unknown>
}

/** Pages for people: they are linked, not called. */
const pages = [
  '/',
  '/docs',
  '/docs.md',
  '/docs/api/try',
  '/docs/api/try/start.js',
  '/docs/api/try/scalar.js',
  '/llms.txt',
  '/llms-full.txt',
  ...dashboardAddresses,
  '/assets/page.css',
  '/assets/mark.svg',
]

/** Answers every method alike, as a proxy sends it; described once. */
const likeGet = /^(?:POST|PUT|PATCH|DELETE) \/oauth\/forward-auth$/

test('every route is in the OpenAPI document, and every operation of it is a route', async () => {
  const world = await createWorld()
  const document = (await world.inject({ url: '/openapi.json' })).json()
  const described = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const routes: string[] = []
  for (const route of routesOf(world.app.server.printRoutes({ commonPrefix: false, includeMeta: false }))) {
    const [method = '', url = ''] = route.split(' ')
    // What only answers 405 is not an operation.
    const answer = await world.inject({
      method: methods.find((known) => known === method) ?? 'GET',
      url: url.replaceAll(':', ''),
    })
    if (answer.statusCode !== 405) routes.push(route)
  }
  assert.ok(routes.length > 15, 'the routes were found')
  const undescribed = routes.filter(
    (route) =>
      // What ends in a star are files and pages, never operations.
      !route.endsWith('*') &&
      !likeGet.test(route) &&
      !pages.includes(route.replace(/^GET /, '')) &&
      !described.includes(route.replace(/:(\w+)/g, '{$1}')),
  )
  assert.deepEqual(undescribed, [])
  assert.deepEqual(
    described.filter((entry) => !routes.includes(entry.replace(/\{(\w+)\}/g, ':$1'))),
    [],
  )
  await world.close()
})

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** The routes of Fastify's drawing of its tree, those of HEAD and OPTIONS left out. */
function routesOf(tree: string): string[] {
  const stack: string[] = []
  return tree.split('\n').flatMap((line) => {
    const match = /^(?<indent>[│ ]*)(?:├──|└──) (?<part>\S*)(?: \((?<methods>[^)]*)\))?/.exec(line)
    if (!match?.groups) return []
    const depth = (match.groups.indent?.length ?? 0) / 4
    stack.length = depth
    stack.push(match.groups.part ?? '')
    const url = stack.join('')
    return (match.groups.methods ?? '')
      .split(', ')
      .filter((method) => methods.some((known) => known === method))
      .map((method) => `${method} ${url}`)
  })
}

test('every operation has an id of its own, made of whole words, and a tag that is described', async () => {
  const world = await createWorld()
  const document = (await world.inject({ url: '/openapi.json' })).json()
  const operations = Object.values<Record<string, Operation>>(document.paths).flatMap((methods) =>
    Object.values(methods),
  )
  const ids = operations.map(({ operationId }) => operationId ?? '')
  assert.deepEqual(
    ids.filter((id) => !/^[a-z]+([A-Z][a-z]+)+$/.test(id)),
    [],
  )
  assert.equal(new Set(ids).size, ids.length)
  const described = document.tags.map(({ name }: { name: string }) => name)
  const used = new Set(operations.flatMap(({ tags = [] }) => tags))
  assert.deepEqual([...used].sort(), [...described].sort())
  await world.close()
})

test('each guarded operation states one scope, and the scopes are those of the catalogue', async () => {
  const world = await createWorld()
  const document = (await world.inject({ url: '/openapi.json' })).json()
  const known = Object.keys(document.components.securitySchemes.accessToken.flows.clientCredentials.scopes)
  assert.deepEqual(
    known.sort(),
    world.app.catalogue
      .scopes()
      .map((scope) => scope.name)
      .sort(),
  )
  for (const [path, methods] of Object.entries<Record<string, Operation>>(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      assert.ok(operation.summary, `${method} ${path} has a summary`)
      if (!/^\/(signature|notification|identification)\//.test(path)) continue
      const scopes = operation.security?.[0]?.accessToken ?? []
      assert.equal(scopes.length, 1, `${method} ${path}`)
      assert.ok(known.includes(scopes[0] ?? ''))
      for (const status of ['400', '401', '403'])
        assert.ok(operation.responses[status], `${method} ${path} describes ${status}`)
    }
  }
  await world.close()
})
