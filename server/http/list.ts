import { type TSchema, Type } from 'typebox'
import { Problem } from '../vocabulary/problem.ts'

/** The query of every list. */
export const listQuery = Type.Object(
  {
    cursor: Type.Optional(
      Type.String({ maxLength: 200, description: 'Where the last page ended: its nextCursor.' }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 25, description: 'How many items a page has.' }),
  },
  { additionalProperties: false },
)

/** The answer of every list. */
export function listOf<Item extends TSchema>(item: Item) {
  return Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()], {
      description: 'Send it as cursor for the next page; null on the last one.',
      examples: ['ZG9jXzAxOTkzZjNj…'],
    }),
  })
}

/** A page as a store reads it: newest first, below the id that the last page ended with. */
export interface PageRequest {
  limit: number
  belowId: string | undefined
}

/** @throws {Problem} `invalid_cursor` for anything that is not a `nextCursor` of ours. */
export function pageRequest(query: { cursor?: string; limit: number }): PageRequest {
  if (query.cursor === undefined) return { limit: query.limit, belowId: undefined }
  const id = Buffer.from(query.cursor, 'base64url').toString('latin1')
  if (!/^[a-z]{3}_[0-9a-f-]{36}$/.test(id)) {
    throw new Problem(
      'invalid_cursor',
      'The cursor is not one of ours. Send the nextCursor of the page before, unchanged.',
    )
  }
  return { limit: query.limit, belowId: id }
}

/** @param rows one more than the page holds, if there are more. */
export function page<Row extends { id: string }>(
  rows: readonly Row[],
  limit: number,
): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items, nextCursor: more ? cursorOf(last.id) : null }
}

/** The cursor of a page that ends with this id. */
export function cursorOf(id: string): string {
  return Buffer.from(id, 'latin1').toString('base64url')
}

/**
 * Where the page before ended, for a list in the order of a key of another form than our ids.
 * @throws {Problem} `invalid_cursor`
 */
export function cursorKey(cursor: string | undefined, form: RegExp): string | undefined {
  if (cursor === undefined) return undefined
  const key = Buffer.from(cursor, 'base64url').toString('latin1')
  if (form.test(key)) return key
  throw new Problem(
    'invalid_cursor',
    'The cursor is not one of ours. Send the nextCursor of the page before, unchanged.',
  )
}
