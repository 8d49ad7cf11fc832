// From a JSON Schema of the OpenAPI document to values that fit it, for fast-check.
import fc from 'fast-check'
import { asObject, isText, type JsonObject } from './json.ts'

/** Values by the name of the member that has them: what a schema cannot know, e.g. scopes that exist. */
export type Hints = Readonly<Record<string, fc.Arbitrary<unknown>>>

/** Values that the schema takes; where it is too clever for us, values that it mostly takes. */
export function fitting(schema: JsonObject, hints: Hints, name = ''): fc.Arbitrary<unknown> {
  const hint = hints[name]
  const made = make(schema, hints, name)
  return hint === undefined ? made : fc.oneof({ weight: 3, arbitrary: hint }, { weight: 1, arbitrary: made })
}

function make(schema: JsonObject, hints: Hints, name: string): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const)
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum)
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray)
  if (choices) return fc.oneof(...choices.map((choice) => fitting(asObject(choice), hints, name)))
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  return fc.oneof(...types.map((type) => ofType(type, schema, hints, name)))
}

function ofType(type: unknown, schema: JsonObject, hints: Hints, name: string): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return texts(schema)
    case 'integer':
      return fc.integer(bounds(schema))
    case 'number':
      return fc.integer(bounds(schema)).map((value) => value + 0)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return lists(schema, hints, name)
    case 'object':
      return objects(schema, hints)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function bounds({ minimum, maximum }: JsonObject): { min: number; max: number } {
  const min = typeof minimum === 'number' ? minimum : -1000
  return { min, max: typeof maximum === 'number' ? Math.min(maximum, 2 ** 31 - 1) : Math.max(min, 1_000_000) }
}

const formats: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'date-time': fc
    .date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  date: fc
    .date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  uri: fc.constantFrom('https://things.example', 'https://things.example/a?b=c', 'urn:example:things'),
  ipv4: fc.ipV4(),
  ipv6: fc.ipV6(),
}

// What names and descriptions are made of; one that takes two units of UTF-16, and one that combines.
const letter = fc.constantFrom(...'aZ09 .,-_/:<>&"\'%{}éßØ漢ي😀', 'e\u0301')

function texts({ pattern, format, minLength, maxLength }: JsonObject): fc.Arbitrary<string> {
  const formatted = isText(format) ? formats[format] : undefined
  if (formatted) return formatted
  const min = typeof minLength === 'number' ? minLength : 0
  const max = typeof maxLength === 'number' ? maxLength : 200
  const fits = (text: string) => [...text].length >= min && [...text].length <= max
  const readable = fc.string({ unit: letter, minLength: min, maxLength: Math.max(min, Math.min(max, 40)) })
  if (!isText(pattern)) return readable.filter(fits)
  const shape = new RegExp(pattern, 'u')
  const plain = fc.stringMatching(/^[a-z][a-z0-9-]{2,20}$/)
  const candidates = [readable, plain, ...matching(pattern)]
  return fc.oneof(...candidates).filter((text) => fits(text) && shape.test(text))
}

const matchingPatterns = new Map<string, fc.Arbitrary<string>[]>()

// fast-check knows no look-around, and writes out what a negated class leaves: any text stands for these.
function matching(pattern: string): fc.Arbitrary<string>[] {
  if (/\(\?|\[\^/.test(pattern)) return []
  const known = matchingPatterns.get(pattern) ?? [fc.stringMatching(new RegExp(pattern))]
  matchingPatterns.set(pattern, known)
  return known
}

function lists(schema: JsonObject, hints: Hints, name: string): fc.Arbitrary<unknown[]> {
  const item = fitting(asObject(schema.items), hints, `${name}[]`)
  const minLength = typeof schema.minItems === 'number' ? schema.minItems : 0
  const maxLength = Math.max(
    minLength,
    Math.min(typeof schema.maxItems === 'number' ? schema.maxItems : 6, 6),
  )
  const options = { minLength, maxLength }
  return schema.uniqueItems === true
    ? fc.uniqueArray(item, { ...options, selector: (value) => JSON.stringify(value) })
    : fc.array(item, options)
}

function objects(schema: JsonObject, hints: Hints): fc.Arbitrary<JsonObject> {
  const members = Object.entries(asObject(schema.properties))
  const required = Array.isArray(schema.required) ? schema.required.filter(isText) : []
  const model = Object.fromEntries(
    members.map(([name, member]) => [name, fitting(asObject(member), hints, name)]),
  )
  return fc.record(model, { requiredKeys: required.filter((name) => name in model) })
}
