import { Container } from '@mantine/core'
import { LinkButton } from '../ui/link.tsx'
import { Page } from '../ui/page.tsx'
import * as words from '../words/index.ts'

/** An address that leads nowhere. */
export function MissingPage() {
  const { title, lead, home } = words.shell.missing
  return (
    <Container size="md" py="xl">
      <Page title={title} lead={lead}>
        <div>
          <LinkButton href="/test/home">{home}</LinkButton>
        </div>
      </Page>
    </Container>
  )
}
