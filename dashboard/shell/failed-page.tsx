import { Button, Container } from '@mantine/core'
import { ApiProblem } from '../api.ts'
import { PartMissing } from '../load-part.ts'
import { Page } from '../ui/page.tsx'
import { ErrorState } from '../ui/states.tsx'
import * as words from '../words/index.ts'

/** Instead of a page that failed: by a refusal, because its script is that of an older release, or by our own fault. */
export function FailedPage({ error }: { error: unknown }) {
  const { title, newer, fault, reload } = words.shell.failed
  const reloadButton = <Button onClick={() => window.location.reload()}>{reload}</Button>
  const isMissing = error instanceof PartMissing
  const lead = isMissing ? newer : fault
  return (
    <Container size="md" py="xl">
      <Page title={title} {...(!(error instanceof ApiProblem) && { lead })} action={reloadButton}>
        {!isMissing && <ErrorState error={error} />}
      </Page>
    </Container>
  )
}
