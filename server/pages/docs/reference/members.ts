// A schema as a table of its members: name, type, meaning.
import type { Schema } from './openapi.ts'

export interface Member {
  /** From the top, e.g. `items[].id`. */
  name: string
  type: string
  required: boolean
  description: string
}

/** The members of an object, those of objects in it below them. */
export function membersOf(schema: Schema, prefix = '', depth = 0): Member[] {
  const object = objectIn(schema)
  if (!object || depth > 4) return []
  const { properties = {}, required = [] } = object.schema
  const path = prefix + object.suffix
  return Object.entries(properties).flatMap(([key, member]) => {
    const name = path === '' ? key : `${path}.${key}`
    return [
      {
        name,
        type: typeOf(member),
        // What has a default need not be sent.
        required: required.includes(key) && member.default === undefined,
        description: member.description ?? '',
      },
      ...membersOf(member, name, depth + 1),
    ]
  })
}

/** The object that a schema is, or is a list of, or may be. */
function objectIn(schema: Schema): { schema: Schema; suffix: string } | undefined {
  if (schema.properties) return { schema, suffix: '' }
  if (schema.items) {
    const inner = objectIn(schema.items)
    return inner && { schema: inner.schema, suffix: `[]${inner.suffix}` }
  }
  for (const choice of schema.anyOf ?? schema.oneOf ?? []) {
    const inner = objectIn(choice)
    if (inner) return inner
  }
  return undefined
}

/** The type of a schema in words. */
export function typeOf(schema: Schema): string {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return [...new Set(choices.map(typeOf))].join(' or ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ')
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'anything'}`
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'anything')
  const limits = limitsOf(schema)
  return [type, schema.format && `(${schema.format})`, limits].filter(Boolean).join(' ')
}

function limitsOf({ minimum, maximum, minLength, maxLength, default: value }: Schema): string {
  const range = (low: number | undefined, high: number | undefined, unit: string) => {
    if (low !== undefined && high !== undefined) return `${low} to ${high}${unit}`
    if (high !== undefined) return `at most ${high}${unit}`
    return low === undefined ? undefined : `at least ${low}${unit}`
  }
  const parts = [
    range(minimum, maximum, ''),
    range(minLength, maxLength, ' characters'),
    value === undefined ? undefined : `default ${JSON.stringify(value)}`,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`.replace(/^, /, '· ')
}
