// An example for a schema: what it says itself, else something of its kind.
import type { Schema } from './openapi.ts'

const formats: Readonly<Record<string, string>> = {
  'date-time': '2026-11-28T09:30:00.000Z',
  date: '2026-11-28',
  email: 'ada@acme.example',
  uri: 'https://orders.example',
}

/** @param all true: every member; else those that must be sent, and those that have an example. */
export function exampleOf(schema: Schema, all: boolean): unknown {
  const own = schema.examples?.[0] ?? schema.default ?? schema.const ?? schema.enum?.[0]
  if (own !== undefined) return own
  const choices = schema.anyOf ?? schema.oneOf
  const choice = choices?.find(({ type }) => type !== 'null') ?? choices?.[0]
  if (choice) return exampleOf(choice, all)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object' || schema.properties) return exampleObject(schema, all)
  if (type === 'array') return schema.items ? [exampleOf(schema.items, all)] : []
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1
  if (type === 'boolean') return true
  if (type === 'null') return null
  return exampleText(schema)
}

function exampleObject({ properties = {}, required = [], minProperties = 0 }: Schema, all: boolean): object {
  const entries = Object.entries(properties)
  const wanted = entries.filter(([name, member]) => all || required.includes(name) || hasExample(member))
  // A change has to change something.
  const members = wanted.length < minProperties ? entries.slice(0, minProperties) : wanted
  return Object.fromEntries(members.map(([name, member]) => [name, exampleOf(member, all)]))
}

function hasExample({ examples, items }: Schema): boolean {
  return examples !== undefined || items?.examples !== undefined
}

/** What a pattern may want, the plainest first. */
const kinds = [
  'text',
  'orders_read',
  'https://orders.example',
  'GET /orders',
  'ada@acme.example',
  '2026-11-28',
  '123456',
  '"3"',
]

function exampleText({ format, pattern, minLength = 0 }: Schema): string {
  const known = formats[format ?? '']
  if (known !== undefined) return known
  const rule = pattern === undefined ? undefined : new RegExp(pattern, 'u')
  const text = kinds.find((kind) => rule === undefined || rule.test(kind)) ?? 'text'
  return text.padEnd(minLength, 'x')
}
