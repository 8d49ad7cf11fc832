// What every page is: a title, one sentence of what it is for, the main action, the content.
import { Box, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import * as words from '../words/index.ts'
import { announce } from './announce.tsx'

/** A page that is loaded begins at its top, with the skip link; one that is gone to begins at its heading. */
let isFirstPage = true

export interface PageProps {
  title: string
  /** One sentence. */
  lead?: ReactNode
  /** The main action, at the top right. */
  action?: ReactNode
  /** What the browser's tab says, when the title alone says too little. */
  tabTitle?: string
  /** Beside the title, e.g. a badge. */
  beside?: ReactNode
  children: ReactNode
}

export function Page({ title, lead, action, tabTitle, beside, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${tabTitle ?? title} · ${words.shell.product}`
  }, [title, tabTitle])
  // A new page is read from its beginning; the name alone changing is none.
  useEffect(() => {
    const wasFirst = isFirstPage
    isFirstPage = false
    if (wasFirst) return
    if (window.location.hash === '') heading.current?.focus({ preventScroll: true })
    announce(document.title)
  }, [])
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="md">
        <Box flex="1 1 20rem" miw={0}>
          <Group gap="sm" align="center">
            <Title order={1} ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {beside}
          </Group>
          {lead && (
            <Text c="dimmed" mt={4} maw="46rem">
              {lead}
            </Text>
          )}
        </Box>
        {action && <Group gap="sm">{action}</Group>}
      </Group>
      {children}
    </Stack>
  )
}

/** What had the focus is gone with what was removed: it goes on at the heading, instead of nowhere. */
export function focusTitle(): void {
  document.querySelector('h1')?.focus()
}

/** A part of a page, under a heading of its own. */
export function Section({
  title,
  lead,
  action,
  id,
  children,
}: {
  title: string
  lead?: ReactNode
  action?: ReactNode
  id?: string
  children: ReactNode
}) {
  return (
    <Box component="section" {...(id !== undefined && { id })} aria-label={title}>
      <Group justify="space-between" align="flex-end" mb="sm" gap="sm">
        <Box flex="1 1 16rem" miw={0}>
          <Title order={2} size="h4">
            {title}
          </Title>
          {lead && (
            <Text c="dimmed" size="sm">
              {lead}
            </Text>
          )}
        </Box>
        {action}
      </Group>
      {children}
    </Box>
  )
}
