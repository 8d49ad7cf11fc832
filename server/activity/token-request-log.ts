import type { LogTables } from '../database/tables.ts'

/** A row of the token-request log, in the order in which it is written. */
export type TokenRequestRow = LogTables['token_request']

export const tokenRequestColumns = [
  'id',
  'at',
  'account_id',
  'client_id',
  'environment',
  'secret_id',
  'scopes',
  'status',
  'error',
  'host',
] as const satisfies readonly (keyof TokenRequestRow)[]

export type Cell = string | number | null

/** Rows as one flat list of cells: the cheapest thing to hand to another thread. */
export function flatten(rows: readonly TokenRequestRow[]): Cell[] {
  const cells: Cell[] = []
  for (const row of rows) for (const column of tokenRequestColumns) cells.push(row[column])
  return cells
}
