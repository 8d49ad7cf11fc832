import { Badge, Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api, queryClient } from '../../api.ts'
import { paths } from '../../paths.ts'
import { announce } from '../../ui/announce.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { focusTitle, Section } from '../../ui/page.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { browserName } from './browser-name.ts'
import { sessionsQuery } from './queries.ts'

const text = words.people.settings

function nameOf(userAgent: string | null): string {
  return browserName(userAgent) ?? text.unknownBrowser
}

/** Where the member is signed in; each can be ended, or all at once. */
export function SessionsSection() {
  const query = useQuery(sessionsQuery)
  const failed = (error: Error) => notifications.show({ color: 'red', message: error.message })
  const end = useMutation({
    mutationFn: ({ id: sessionId }: { id: string; name: string }) =>
      api.DELETE('/account/sessions/{sessionId}', { params: { path: { sessionId } } }),
    onSuccess: async (_answer, { name }) => {
      await queryClient.invalidateQueries(sessionsQuery)
      announce(text.ended(name))
      focusTitle()
    },
    onError: async (error) => {
      failed(error)
      await queryClient.invalidateQueries(sessionsQuery)
    },
  })
  const everywhere = useMutation({
    mutationFn: () => api.POST('/account/sign-out-everywhere'),
    onSuccess: () => window.location.assign(paths.signIn),
    onError: failed,
  })
  const { sessionColumns: columns } = text
  return (
    <Section
      title={text.sessions}
      action={
        <Button variant="default" loading={everywhere.isPending} onClick={() => everywhere.mutate()}>
          {text.everywhere}
        </Button>
      }
    >
      <QueryState query={query} rows={2} />
      {query.data && (
        <DataTable
          label={text.sessions}
          rows={query.data.items}
          keyOf={({ id }) => id}
          columns={[
            {
              key: 'browser',
              title: columns.browser,
              show: ({ userAgent }) => (
                <Text size="sm" component="span">
                  {nameOf(userAgent)}
                </Text>
              ),
            },
            { key: 'address', title: columns.address, show: ({ address }) => address ?? words.ui.none },
            { key: 'since', title: columns.since, show: ({ createdAt }) => <Time iso={createdAt} /> },
            { key: 'until', title: columns.until, show: ({ expiresAt }) => <Time iso={expiresAt} /> },
            {
              key: 'action',
              title: columns.action,
              show: ({ id, current, userAgent }) =>
                current ? (
                  <Badge>{text.thisOne}</Badge>
                ) : (
                  <Button
                    variant="default"
                    size="compact-sm"
                    loading={end.isPending && end.variables.id === id}
                    aria-label={text.endWhat(nameOf(userAgent))}
                    onClick={() => end.mutate({ id, name: nameOf(userAgent) })}
                  >
                    {text.end}
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Section>
  )
}
