import { Drawer, List, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiProblem } from '../../api.ts'
import { type Environment, pathsOf } from '../../paths.ts'
import { useEnvironment, useSearch } from '../../routing.ts'
import { CodeBlock, CopyButton } from '../../ui/copy.tsx'
import { Facts } from '../../ui/facts.tsx'
import { DocsLink, Link } from '../../ui/link.tsx'
import { ErrorState, LoadingState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { answerFacts, type Explained, requestFacts } from './entry-facts.tsx'
import { entryQuery } from './queries.ts'

const text = words.logs.panel
/** What happened so short a time ago may not be written yet. */
const writtenAfterMs = 5000

/** One entry beside the list: what happened, why, how to mend it. `?entry=` in the address keeps it open. */
export function EntryPanel() {
  const [{ entry: requestId }, setSearch] = useSearch()
  return (
    <Drawer
      opened={requestId !== undefined}
      onClose={() => setSearch({ entry: '' })}
      position="right"
      size="lg"
      title={text.title}
      closeButtonProps={{ 'aria-label': words.ui.close }}
    >
      {requestId !== undefined && <Entry requestId={requestId} />}
    </Drawer>
  )
}

function Entry({ requestId }: { requestId: string }) {
  const environment = useEnvironment()
  const query = useQuery({
    ...entryQuery(environment, requestId),
    retry: (count, error) => {
      if (!(error instanceof ApiProblem)) return false
      if (error.status === 404) return Date.now() - beganAt(requestId) < writtenAfterMs
      return count < 3 && [0, 503].includes(error.status)
    },
    retryDelay: 1000,
  })
  if (query.isPending) return <LoadingState />
  if (query.isError) {
    const isGone = query.error instanceof ApiProblem && [400, 404].includes(query.error.status)
    if (isGone) return <Text>{text.gone}</Text>
    return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  }
  const entry = query.data
  return (
    <Stack gap="lg">
      <Part title={text.happened}>
        <Prose>{entry.whatHappened}</Prose>
      </Part>
      {entry.why !== null && (
        <Part title={text.why}>
          <Prose>{entry.why}</Prose>
        </Part>
      )}
      {entry.fix && <Mend entry={entry} fix={entry.fix} environment={environment} />}
      <Part title={text.request}>
        <Facts facts={requestFacts(entry, environment)} />
      </Part>
      <Part title={text.answer}>
        <Facts facts={answerFacts(entry)} />
      </Part>
      <Part title={text.again}>
        <CodeBlock code={entry.curl} what={text.again} />
        <Text size="sm" c="dimmed">
          {text.placeholders}
        </Text>
      </Part>
      <div>
        <CopyButton text={window.location.origin + pathsOf(environment).logEntry(requestId)}>
          {text.share}
        </CopyButton>
        <Text size="sm" c="dimmed" mt={4}>
          {text.shareNote}
        </Text>
      </div>
    </Stack>
  )
}

function Mend({
  entry: { clientId, error, requestId },
  fix,
  environment,
}: {
  entry: Explained
  fix: NonNullable<Explained['fix']>
  environment: Environment
}) {
  const { editClient, clientTab } = pathsOf(environment)
  const [missing] = fix.missingScopes
  return (
    <Part title={text.fix}>
      <List size="sm">
        {fix.steps.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
      {clientId !== null && missing !== undefined && (
        <Text size="sm">
          <Link href={editClient(clientId, missing)}>{text.edit(missing)}</Link>
        </Text>
      )}
      {clientId !== null && error === 'invalid_client' && (
        <Text size="sm">
          <Link href={clientTab(clientId, 'secrets')}>{text.secrets}</Link>
        </Text>
      )}
      <Text size="sm">
        <DocsLink href={`${new URL(fix.docsUrl).pathname}?request=${requestId}`}>{text.docs}</DocsLink>
      </Text>
    </Part>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap={6}>
      <Title order={3} size="h5">
        {title}
      </Title>
      {children}
    </Stack>
  )
}

/** What came from a request is text, however long a word of it is. */
function Prose({ children }: { children: string }) {
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {children}
    </Text>
  )
}

/** Request ids begin with their time (UUIDv7). @returns 0 for what is none. */
function beganAt(requestId: string): number {
  return Number.parseInt(requestId.replace('req_', '').replaceAll('-', '').slice(0, 12), 16) || 0
}
