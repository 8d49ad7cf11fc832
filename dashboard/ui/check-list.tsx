// Things that should be so: what is done and what is not, in words and by a sign.
import { Box, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import * as words from '../words/index.ts'
import { CheckIcon, OpenIcon } from './icons.tsx'

export interface CheckItem {
  id: string
  title: string
  done: boolean
  detail?: ReactNode
}

export function CheckList({ items }: { items: readonly CheckItem[] }) {
  const { done, open } = words.production
  return (
    <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
      {items.map((item) => (
        <Group key={item.id} component="li" gap="sm" align="flex-start" wrap="nowrap">
          <Box mt={3} lh={0} c={item.done ? 'var(--mantine-color-anchor)' : 'var(--mantine-color-dimmed)'}>
            {item.done ? <CheckIcon /> : <OpenIcon />}
          </Box>
          <Box miw={0}>
            <Text size="sm" fw={600}>
              {item.title}{' '}
              <Text span size="sm" c="dimmed">
                {item.done ? done : open}
              </Text>
            </Text>
            {item.detail && (
              <Text component="div" size="sm">
                {item.detail}
              </Text>
            )}
          </Box>
        </Group>
      ))}
    </Stack>
  )
}
