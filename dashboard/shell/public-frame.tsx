// The frame of pages for people who are not signed in: the mark, one narrow column, the way to the documentation.
import { Anchor, Box, Container, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { paths } from '../paths.ts'
import { Mark } from '../ui/icons.tsx'
import { Page } from '../ui/page.tsx'
import * as words from '../words/index.ts'

export function PublicPage({
  title,
  lead,
  children,
}: {
  title: string
  lead?: ReactNode
  children: ReactNode
}) {
  return (
    <Box mih="100vh">
      <a className="skip-link" href="#content">
        {words.shell.skip}
      </a>
      <Box
        component="header"
        px="md"
        py="sm"
        style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
      >
        <Group justify="space-between">
          <Anchor href={paths.front} underline="never" c="inherit">
            <Group gap={8}>
              <Mark />
              <Text fw={650}>{words.shell.product}</Text>
            </Group>
          </Anchor>
          <Anchor href={paths.docs}>{words.shell.docs}</Anchor>
        </Group>
      </Box>
      <Container component="main" id="content" size={480} py="xl">
        <Page title={title} lead={lead}>
          {children}
        </Page>
      </Container>
    </Box>
  )
}
