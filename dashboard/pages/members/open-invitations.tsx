import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from '../../api.ts'
import { announce } from '../../ui/announce.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { focusTitle, Section } from '../../ui/page.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { type Invitation, invitationsQuery, refresh } from './queries.ts'

const text = words.people.members

/** Invitations that nobody has accepted yet. */
export function OpenInvitations({ mayWrite }: { mayWrite: boolean }) {
  const query = useQuery(invitationsQuery)
  return (
    <Section title={text.open} lead={text.openLead}>
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data?.items.length === 0 && <Text size="sm">{text.none}</Text>}
      {query.data && query.data.items.length > 0 && (
        <DataTable
          label={text.open}
          rows={query.data.items}
          keyOf={({ id }) => id}
          minWidth={720}
          columns={[
            { key: 'email', title: text.columns.email, show: ({ email }) => email },
            { key: 'role', title: text.columns.role, show: ({ role }) => words.people.roles[role] },
            { key: 'by', title: text.invitedBy, show: ({ invitedBy }) => invitedBy ?? words.ui.none },
            { key: 'expires', title: text.expires, show: ({ expiresAt }) => <Time iso={expiresAt} /> },
            ...(mayWrite
              ? [
                  {
                    key: 'actions',
                    title: text.columns.actions,
                    show: (invitation: Invitation) => <InvitationActions invitation={invitation} />,
                  },
                ]
              : []),
          ]}
        />
      )}
    </Section>
  )
}

function InvitationActions({ invitation: { id, email, role } }: { invitation: Invitation }) {
  const failed = (error: Error) => notifications.show({ color: 'red', message: error.message })
  const withdraw = useMutation({
    mutationFn: () =>
      api.DELETE('/account/invitations/{invitationId}', { params: { path: { invitationId: id } } }),
    onSuccess: async () => {
      await refresh()
      announce(text.withdrawn(email))
      focusTitle()
    },
    onError: async (error) => {
      failed(error)
      await refresh()
    },
  })
  const resend = useMutation({
    mutationFn: () => api.POST('/account/invitations', { body: { email, role } }),
    onSuccess: () => notifications.show({ message: text.invited(email) }),
    onError: failed,
    onSettled: refresh,
  })
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        variant="default"
        size="compact-sm"
        loading={resend.isPending}
        aria-label={`${text.resend}: ${email}`}
        onClick={() => resend.mutate()}
      >
        {text.resend}
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        loading={withdraw.isPending}
        aria-label={`${text.withdraw}: ${email}`}
        onClick={() => withdraw.mutate()}
      >
        {text.withdraw}
      </Button>
    </Group>
  )
}
