// The operations that the account API has, as the OpenAPI document of a running server lists them.
import assert from 'node:assert/strict'
import { type Environment, environments } from '../../vocabulary/environment.ts'
import { type Permission, permissions } from '../../vocabulary/permission.ts'
import { asObject, isText, type JsonObject } from './json.ts'
import { misfit } from './schema-check.ts'

export interface Parameter {
  name: string
  place: 'query' | 'header'
  required: boolean
  schema: JsonObject
}

export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its parameters in braces. */
  path: string
  /** Undefined: everyone may call it. */
  permission: Permission | undefined
  /** What it names in its path, but for `environment`. */
  parameters: readonly string[]
  /** What it names in its body. */
  bodyReferences: readonly string[]
  hasEnvironment: boolean
  /** Those that its path may name. */
  environments: readonly Environment[]
  /** What it takes in query and headers. */
  accepts: readonly Parameter[]
  /** Undefined: it takes none. */
  body: { required: boolean; schema: JsonObject } | undefined
  /** By status; undefined content: an answer without a body. */
  responses: ReadonlyMap<number, ReadonlyMap<string, JsonObject>>
  isStream: boolean
}

/** What would leave nothing of its caller for the requests after it; people/ tests them. */
export const endsCaller = new Set(['POST /account/sign-out-everywhere', 'POST /account/leave'])

/** Everything that a caller of the account API may do, and what anybody may: people/ tests how people sign in. */
export function accountOperations(openapi: object): Operation[] {
  return readOperations(openapi, ['/account', '/report-leaked-secret']).filter(
    ({ permission, path }) => permission !== undefined || path === '/report-leaked-secret',
  )
}

/** The operations under these paths. */
export function readOperations(openapi: object, prefixes: readonly string[]): Operation[] {
  const { paths } = asObject(openapi)
  return Object.entries(asObject(paths))
    .filter(([path]) => prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)))
    .flatMap(([path, methods]) =>
      Object.entries(asObject(methods)).map(([method, operation]) =>
        readOperation(method, path, asObject(operation)),
      ),
    )
}

export function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

function readOperation(methodName: string, path: string, description: JsonObject): Operation {
  const method = methods.find((candidate) => candidate === methodName.toUpperCase())
  assert.ok(method, `${methodName} ${path}`)
  const body = readBody(asObject(description.requestBody))
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const responses = new Map(
    Object.entries(asObject(description.responses)).map(([status, response]) => [
      Number(status),
      schemasByType(asObject(response).content),
    ]),
  )
  return {
    method,
    path,
    permission: permissionOf(description, `${method} ${path}`),
    parameters: names.filter((name) => name !== 'environment'),
    hasEnvironment: names.includes('environment'),
    environments: environments.filter((environment) => takes(description, environment)),
    accepts: (Array.isArray(description.parameters) ? description.parameters : []).flatMap(readParameter),
    bodyReferences: Object.keys(asObject(body?.schema.properties)).filter((name) =>
      /^from[A-Z]\w*Id$/.test(name),
    ),
    body,
    responses,
    isStream: responses.get(200)?.has('text/event-stream') === true,
  }
}

function takes({ parameters }: JsonObject, environment: Environment): boolean {
  const [found] = (Array.isArray(parameters) ? parameters : [])
    .map(asObject)
    .filter(({ in: place, name }) => place === 'path' && name === 'environment')
  return found === undefined || misfit(asObject(found.schema), environment) === undefined
}

function readParameter(value: unknown): Parameter[] {
  const { in: place, name, required, schema } = asObject(value)
  if (!isText(name) || (place !== 'query' && place !== 'header')) return []
  return [{ name, place, required: required === true, schema: asObject(schema) }]
}

function readBody({ content, required }: JsonObject): Operation['body'] {
  const schema = schemasByType(content).get('application/json')
  return schema && { required: required === true, schema }
}

function schemasByType(content: unknown): Map<string, JsonObject> {
  return new Map(
    Object.entries(asObject(content)).map(([type, entry]) => [type, asObject(asObject(entry).schema)]),
  )
}

// The document says it in words, and what scope it takes; both have to say the same as the table.
function permissionOf(description: JsonObject, name: string): Permission | undefined {
  const { security, description: text } = description
  const requirements = (Array.isArray(security) ? security : []).map(asObject)
  const stated = /\(([a-z_:]+)\)\.$/.exec(isText(text) ? text : '')?.[1]
  const permission = Object.keys(permissions).find((key): key is Permission => key === stated)
  const scopes = requirements.map(({ accessToken }) => accessToken).filter(Array.isArray)
  // Without a permission only what everybody may: signing in and out, reporting a secret.
  if (permission === undefined) {
    assert.deepEqual(scopes, [], `${name} does not say its permission`)
    return undefined
  }
  const { scope } = permissions[permission]
  assert.deepEqual(scopes, scope === null ? [] : [[scope]], name)
  assert.ok(
    requirements.some((requirement) => 'session' in requirement),
    `${name} takes no session`,
  )
  return permission
}
