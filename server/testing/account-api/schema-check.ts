import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { JsonObject } from './json.ts'

const ajv = new Ajv({ strict: false, validateFormats: true })
formats.default(ajv)
const compiled = new WeakMap<object, ValidateFunction>()

/** What the schema says against a value; undefined: it fits. */
export function misfit(schema: JsonObject, value: unknown): string | undefined {
  const validate = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, validate)
  return validate(value) ? undefined : ajv.errorsText(validate.errors)
}
