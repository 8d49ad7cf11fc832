// A table of things: scrolls by itself on a narrow page, says what it shows, its rows are 40 px.
import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

export interface Column<Row> {
  key: string
  title: string
  /** Numbers stand at the right. */
  numeric?: boolean
  /** Hidden where the page is narrow: what is said elsewhere, too. */
  wideOnly?: boolean
  show: (row: Row) => ReactNode
}

export function DataTable<Row>({
  label,
  columns,
  rows,
  keyOf,
  minWidth = 640,
}: {
  /** What the table holds, for who cannot see it. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  minWidth?: number
}) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      type="native"
      scrollAreaProps={{}}
      aria-label={label}
      // What is read aloud only is positioned: it must not stick out of the page.
      pos="relative"
    >
      <Table highlightOnHover aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th
                key={column.key}
                scope="col"
                {...(column.numeric && { ta: 'right', 'data-numeric': true })}
                {...(column.wideOnly && { visibleFrom: 'sm' })}
              >
                {column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              {columns.map((column) => (
                <Table.Td
                  key={column.key}
                  {...(column.numeric && { ta: 'right', 'data-numeric': true })}
                  {...(column.wideOnly && { visibleFrom: 'sm' })}
                >
                  {column.show(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
