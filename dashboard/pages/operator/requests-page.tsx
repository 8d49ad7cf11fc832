import { Badge, Card, Group, NativeSelect, Stack, Text, Textarea, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queryClient, read } from '../../api.ts'
import { paths } from '../../paths.ts'
import { useSearch } from '../../routing.ts'
import { useMay } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { useForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Link } from '../../ui/link.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { OperatorPage, useOperates } from './operator-page.tsx'

const text = words.operator.requests
const states = ['open', 'approved', 'declined'] as const

function requestsQuery(state: (typeof states)[number]) {
  return {
    queryKey: ['production-requests', state],
    queryFn: () => read(api.GET('/account/production-requests', { params: { query: { state } } })),
  }
}

type Request = Awaited<ReturnType<ReturnType<typeof requestsQuery>['queryFn']>>['items'][number]

async function refresh(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ['production-requests'] })
}

/** Operator → Production requests. */
export function RequestsPage() {
  const [search, setSearch] = useSearch()
  const state = states.find((candidate) => candidate === search.state) ?? 'open'
  const query = useQuery({ ...requestsQuery(state), enabled: useOperates() })
  return (
    <OperatorPage title={text.title} lead={text.lead}>
      <NativeSelect
        label={text.state}
        maw={220}
        value={state}
        onChange={(event) => setSearch({ state: event.currentTarget.value })}
        data={states.map((value) => ({ value, label: text.states[value] }))}
      />
      <QueryState query={query} />
      {query.data?.items.length === 0 && (
        <EmptyState title={text.empty} body={text.emptyBody} action={null} />
      )}
      {query.data?.items.map((request) => (
        <RequestCard key={request.accountId} request={request} />
      ))}
    </OperatorPage>
  )
}

function RequestCard({ request }: { request: Request }) {
  const mayWrite = useMay('accounts:write')
  const [asking, setAsking] = useState<'approve' | 'decline'>()
  const { accountId, accountName, state } = request
  const reason = (what: string) => (mayWrite ? undefined : words.ui.notAllowed(what))
  const close = () => setAsking(undefined)
  return (
    <Card withBorder padding="lg">
      <Stack gap="xs">
        <Group gap="sm">
          <Title order={2} size="h4">
            <Link href={paths.operator.account(accountId)}>{accountName}</Link>
          </Title>
          <Badge>{text.states[state]}</Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {request.requestedBy && text.by(request.requestedBy)} <Time iso={request.requestedAt} />
        </Text>
        <Text style={{ overflowWrap: 'anywhere' }}>{request.company}</Text>
        <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{request.purpose}</Text>
        {request.note && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <b>{text.note}</b> {request.note}
          </Text>
        )}
        {state === 'open' && (
          <Group gap="sm">
            <Action onClick={() => setAsking('approve')} reason={reason(text.approve)}>
              {text.approve}
            </Action>
            <Action variant="default" onClick={() => setAsking('decline')} reason={reason(text.decline)}>
              {text.decline}
            </Action>
          </Group>
        )}
      </Stack>
      <Confirm
        opened={asking === 'approve'}
        onClose={close}
        title={words.operator.account.approveTitle(accountName)}
        action={words.operator.account.approve}
        destructive={false}
        onConfirm={async () => {
          const params = { path: { accountId }, header: {} }
          await api.POST('/account/accounts/{accountId}/approve-production', { params })
          await refresh()
        }}
      >
        {words.operator.account.approveBody}
      </Confirm>
      <Decline request={request} opened={asking === 'decline'} onClose={close} />
    </Card>
  )
}

function Decline({
  request: { accountId, accountName },
  opened,
  onClose,
}: {
  request: Request
  opened: boolean
  onClose: () => void
}) {
  const [note, setNote] = useState('')
  const form = useForm(
    () => ({ note: note.trim() === '' ? text.noteMissing : undefined }),
    async () => {
      await api.POST('/account/accounts/{accountId}/decline-production', {
        params: { path: { accountId } },
        body: { note: note.trim() },
      })
      onClose()
      await refresh()
    },
  )
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={text.declineTitle(accountName)}
      form={form}
      submit={text.declineSubmit}
    >
      <Textarea
        id="note"
        label={text.declineNote}
        autosize
        minRows={3}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={form.errors.note}
        data-autofocus
      />
    </FormDialog>
  )
}
