// What a page shows instead of its content: that there is nothing yet, that it comes, that it failed.
import { Alert, Button, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiProblem } from '../api.ts'
import * as words from '../words/index.ts'
import { IdText } from './copy.tsx'
import { SignInAgain } from './sign-in-again.tsx'

/** Says what will be here and how to get it: never an empty box. */
export function EmptyState({ title, body, action }: { title: string; body: ReactNode; action: ReactNode }) {
  return (
    <Card withBorder padding="xl">
      <Stack align="flex-start" gap="sm" maw="40rem">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text>{body}</Text>
        <Group gap="sm">{action}</Group>
      </Stack>
    </Card>
  )
}

export function LoadingState({ rows = 4 }: { rows?: number }) {
  return (
    <Stack gap="sm" role="status" aria-label={words.ui.loading}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all are the same
        <Skeleton key={index} height={36} radius="sm" />
      ))}
    </Stack>
  )
}

/** What went wrong, in the words of the server, with the id by which it is found in the logs. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = error instanceof ApiProblem ? error : undefined
  return (
    <Alert color="red" variant="outline" title={problem?.title ?? words.shell.failed.title} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{error instanceof Error ? error.message : String(error)}</Text>
        {problem?.code === 'signed_out' && <SignInAgain />}
        {problem?.requestId && (
          <Text size="sm">
            {words.ui.requestId} <IdText id={problem.requestId} what={words.ui.requestId} />
          </Text>
        )}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {words.ui.tryAgain}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
