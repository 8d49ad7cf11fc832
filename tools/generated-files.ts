import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { declaredSetupSchema } from '../server/setup/declared-setup.ts'
import { createWorld } from '../server/testing/world.ts'
import { postmanCollection } from './postman-collection.ts'

/** Every file that is made from the code: its path and what it must hold. */
export async function generatedFiles(): Promise<Map<string, string>> {
  // The public URL of the committed document is an example, not a port of the day.
  const world = await createWorld({ settings: { LATCHKEY_PUBLIC_URL: 'https://api.example' } })
  const openapi = world.app.openapi()
  await world.close()
  const openapiText = `${JSON.stringify(openapi, null, 2)}\n`
  return new Map([
    ['openapi.json', openapiText],
    ['docs/latchkey.postman_collection.json', `${JSON.stringify(postmanCollection(openapi), null, 2)}\n`],
    ['dashboard/openapi-types.ts', typesOf(openapiText)],
    ['cli/account-types.ts', typesOf(JSON.stringify(onlyPaths(openapi, cliPaths)))],
    ['client/operations/openapi-types.ts', typesOf(JSON.stringify(operationsOnly(openapi)))],
    [
      'docs/declared-setup.schema.json',
      `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...declaredSetupSchema }, null, 2)}\n`,
    ],
  ])
}

const client = '/account/{environment}/api-clients/{clientId}'

/** The operations that the command line calls: its types hold nothing else. */
const cliPaths = [
  '/account',
  '/account/scopes',
  '/account/session',
  '/account/device-sign-ins',
  '/account/device-sign-ins/complete',
  '/account/{environment}/activity',
  '/account/{environment}/activity/{requestId}',
  '/account/{environment}/api-clients',
  client,
  `${client}/disable`,
  `${client}/enable`,
  `${client}/restore`,
  `${client}/secrets`,
]

/** A document of some of the paths. */
function onlyPaths(openapi: object, wanted: readonly string[]): object {
  const paths: object =
    'paths' in openapi && typeof openapi.paths === 'object' && openapi.paths ? openapi.paths : {}
  return {
    ...openapi,
    paths: Object.fromEntries(Object.entries(paths).filter(([path]) => wanted.includes(path))),
  }
}

/**
 * What the SDK has typed operations for: the three APIs, with their successful answers. A refusal is an error
 * class there, the same for each operation.
 */
function operationsOnly(openapi: object): object {
  const { paths, ...rest }: { paths?: Record<string, object> } = openapi
  const apis = Object.entries(paths ?? {}).filter(([path]) =>
    /^\/(signature|notification|identification)\//.test(path),
  )
  const granted = (key: string, value: unknown) => (/^[45]\d\d$/.test(key) ? undefined : value)
  return JSON.parse(JSON.stringify({ ...rest, paths: Object.fromEntries(apis) }, granted))
}

/** The types of a document. The tool brings a TypeScript of its own, so it runs on its own. */
function typesOf(openapi: string): string {
  const dashboard = createRequire(join(import.meta.dirname, '../dashboard/package.json'))
  const tool = join(dirname(dashboard.resolve('openapi-typescript/package.json')), 'bin/cli.js')
  const { stdout, stderr, status } = spawnSync(process.execPath, [tool, '--default-non-nullable=false'], {
    input: openapi,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`The types of the dashboard could not be made: ${stderr}`)
  return stdout
}
