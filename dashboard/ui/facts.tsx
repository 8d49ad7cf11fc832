// What is known of a thing, name by name: two columns, one under the other where the page is narrow.
import { Box, Text } from '@mantine/core'
import type { ReactNode } from 'react'

export interface Fact {
  name: string
  value: ReactNode
}

export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <Box component="dl" className="facts" m={0}>
      {facts.map(({ name, value }) => (
        <div key={name}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </div>
      ))}
    </Box>
  )
}
