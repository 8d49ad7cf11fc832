import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'

// A body is taken as it was sent: "5" is not 5, and a member that we do not know is an error, not dropped.
const strict = new Ajv({ allErrors: true, coerceTypes: false, removeAdditional: false, useDefaults: true })
// Query and path are text on the wire.
const coercing = new Ajv({ allErrors: true, coerceTypes: true, removeAdditional: false, useDefaults: true })
formats.default(strict)
formats.default(coercing)

/** Ajv for both: `httpPart` says which. */
export const compileValidator: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  httpPart === 'body' ? strict.compile(schema) : refuseInfinite(coercing.compile(schema))

/** Ajv makes Infinity of "1e309" and asks no maximum of it: a page without an end. */
function refuseInfinite(validate: ValidateFunction) {
  const check = (data: unknown): boolean => {
    const valid = validate(data)
    const name = valid ? infiniteMember(data) : undefined
    check.errors = name === undefined ? (validate.errors ?? null) : [notFinite(name)]
    return valid && name === undefined
  }
  check.errors = validate.errors ?? null
  return check
}

function infiniteMember(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const found = Object.entries(data).find(([, value]) => typeof value === 'number' && !Number.isFinite(value))
  return found?.[0]
}

function notFinite(name: string) {
  return {
    instancePath: `/${name}`,
    schemaPath: '#/type',
    keyword: 'type',
    params: {},
    message: 'must be a number that is not so large',
  }
}
