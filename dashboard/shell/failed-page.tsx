import { Button, Container } from '@mantine/core'
import { ApiProblem } from '../api.ts'
import { Page } from '../ui/page.tsx'
import { ErrorState } from '../ui/states.tsx'
import * as words from '../words/index.ts'

/** Instead of a page that failed: by a refusal, or because its script is that of an older release. */
export function FailedPage({ error }: { error: unknown }) {
  const { title, newer, reload } = words.shell.failed
  const reloadButton = <Button onClick={() => window.location.reload()}>{reload}</Button>
  return (
    <Container size="md" py="xl">
      <Page title={title} {...(!(error instanceof ApiProblem) && { lead: newer })} action={reloadButton}>
        <ErrorState error={error} />
      </Page>
    </Container>
  )
}
