import { Container } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { pathsOf } from '../paths.ts'
import { LinkButton } from '../ui/link.tsx'
import { Page } from '../ui/page.tsx'
import * as words from '../words/index.ts'

/** An address that leads nowhere. */
export function MissingPage() {
  const { title, lead, home } = words.shell.missing
  const isProduction = useLocation().pathname.startsWith('/production/')
  return (
    <Container size="md" py="xl">
      <Page title={title} lead={lead}>
        <div>
          <LinkButton href={pathsOf(isProduction ? 'production' : 'test').home}>{home}</LinkButton>
        </div>
      </Page>
    </Container>
  )
}
