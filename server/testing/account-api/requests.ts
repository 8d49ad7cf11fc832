// How an operation is called: its address filled, and what it requires sent rightly.
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { asObject, type JsonObject } from './json.ts'
import type { Operation } from './operations.ts'
import { fitting, type Hints } from './schema-arbitrary.ts'
import { misfit } from './schema-check.ts'

const scopes = fc.subarray(['document_read', 'document_write', 'event', 'identify'], { minLength: 1 })

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'ES256' }] }

/** Values that make most bodies mean something here. */
export const hints: Hints = {
  scopes,
  jwks: fc.constantFrom(jwks, null),
  jwksUri: fc.constantFrom('https://keys.example/jwks', null),
  tlsClientAuth: fc.constant(null),
  authenticationMethods: fc.constantFrom(
    ['client_secret_basic'],
    ['client_secret_basic', 'client_secret_post'],
    ['private_key_jwt'],
  ),
  certificateBoundAccessTokens: fc.constant(false),
  legacyAudienceUntil: fc.constant(null),
  expiresAt: fc.constantFrom('2027-01-01T00:00:00Z', '2026-12-24T12:00:00Z'),
  scope: fc.constantFrom('event', 'document_read', 'document_file', 'account_read', 'nothing'),
  allowedNetworks: fc.constantFrom([], ['10.0.0.0/8'], ['192.0.2.0/24', '2001:db8::/32']),
  environment: fc.constantFrom('test', 'production'),
  email: fc.integer({ min: 0, max: 9999 }).map((number) => `somebody-${number}@mail.example`),
  code: fc.constant('123456'),
}

/** The plainest value that the schema takes, always the same: what is required, and one member where nothing is. */
export function plainest(schema: JsonObject, name = ''): unknown {
  const members = Object.entries(asObject(schema.properties))
  if (schema.type !== 'object' || members.length === 0) return sampleOf(schema, name)
  const required = Array.isArray(schema.required) ? schema.required : []
  const needed = members.filter(([member]) => required.includes(member))
  const chosen = needed.length === 0 && schema.minProperties === 1 ? members.slice(0, 1) : needed
  return Object.fromEntries(chosen.map(([member, inner]) => [member, plainest(asObject(inner), member)]))
}

function sampleOf(schema: JsonObject, name: string): unknown {
  const found = fc
    .sample(hints[name] ?? fitting(schema, hints), { seed: 5, numRuns: 50 })
    .find((value) => misfit(schema, value) === undefined)
  if (found === undefined) throw new Error(`No value was found for ${JSON.stringify(schema)}`)
  return found
}

/** The address. @param ids by the name in the path. */
export function fillPath(path: string, ids: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(ids[name] ?? ''))
}

/** A request that is right, whoever sends it. */
export function rightRequest(
  operation: Operation,
  ids: Readonly<Record<string, string>>,
  headers: Record<string, string>,
): InjectOptions {
  const query = operation.accepts
    .filter(({ place, required, schema }) => place === 'query' && required && !('default' in schema))
    .map(({ name, schema }): [string, string] => [name, String(plainest(schema, name))])
  const search = query.length === 0 ? '' : `?${new URLSearchParams(query)}`
  return {
    method: operation.method,
    url: fillPath(operation.path, ids) + search,
    headers: { ...headers, ...(operation.method !== 'GET' && { 'if-match': '*' }) },
    ...(operation.body && {
      payload: {
        ...bodyOf(operation.body.schema),
        ...Object.fromEntries(operation.bodyReferences.map((name) => [name, ids[name]])),
      },
    }),
  }
}

const bodies = new WeakMap<JsonObject, object>()

function bodyOf(schema: JsonObject): object {
  const known = bodies.get(schema)
  if (known) return known
  const body = plainest(schema)
  const payload = typeof body === 'object' && body !== null ? body : {}
  bodies.set(schema, payload)
  return payload
}
