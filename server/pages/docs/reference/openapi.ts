// What the reference reads of the OpenAPI document.

export interface Schema {
  type?: string | string[]
  description?: string
  format?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  examples?: unknown[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  minProperties?: number
  pattern?: string
  additionalProperties?: boolean | Schema
}

export interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Schema
}

interface Body {
  content?: Record<string, { schema?: Schema }>
}

export interface Operation {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  security?: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: Body
  responses?: Record<string, Body & { description?: string }>
}

export interface OpenApi {
  tags?: { name: string; description?: string }[]
  paths?: Record<string, Record<string, Operation>>
}

/** An operation with its method and path. */
export interface Listed extends Operation {
  id: string
  method: string
  path: string
}

export interface Group {
  name: string
  description: string
  /** The last part of the address of its page. */
  slug: string
  operations: readonly Listed[]
}

/** The operations by tag, in the order of the document's tags. */
export function groupsOf({ tags = [], paths = {} }: OpenApi): Group[] {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      id: operation.operationId ?? `${method}${path}`,
      method: method.toUpperCase(),
      path,
    })),
  )
  return tags.map(({ name, description = '' }) => ({
    name,
    description,
    slug: name.toLowerCase().replaceAll(' ', '-'),
    operations: operations.filter((operation) => operation.tags?.includes(name)),
  }))
}

/** The scopes that open an operation; none for one that takes no access token. */
export function scopesOf({ security = [] }: Operation): string[] {
  return security.flatMap((way) => way.accessToken ?? [])
}

/** The media type and the schema of a body; undefined when it has none. */
export function contentOf(body: Body | undefined): { type: string; schema: Schema } | undefined {
  const [first] = Object.entries(body?.content ?? {})
  return first?.[1].schema && { type: first[0], schema: first[1].schema }
}
