import { Alert, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useMay, useSession } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Page } from '../../ui/page.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { OpenInvitations } from './open-invitations.tsx'
import { type Member, membersQuery } from './queries.ts'
import { RemoveMember } from './remove-member.tsx'
import { RoleSelect } from './role-select.tsx'

const text = words.people.members

/** Account → Members. */
export function MembersPage() {
  const { person, mail } = useSession()
  const mayWrite = useMay('members:write')
  const [isInviting, inviting] = useDisclosure()
  const query = useQuery(membersQuery)
  const reason = !mayWrite
    ? words.ui.notAllowed(text.invite)
    : person.emailConfirmed
      ? undefined
      : text.confirmFirst
  return (
    <Page
      title={text.title}
      lead={text.lead}
      action={
        <Action onClick={inviting.open} reason={reason}>
          {text.invite}
        </Action>
      }
    >
      {mail === 'files' && mayWrite && (
        <Alert color="yellow" variant="outline" p="sm">
          {words.people.mailInFiles}
        </Alert>
      )}
      <QueryState query={query} />
      {query.data && (
        <DataTable
          label={text.title}
          columns={columnsFor(mayWrite)}
          rows={query.data.items}
          keyOf={({ id }) => id}
          minWidth={820}
        />
      )}
      <OpenInvitations mayWrite={mayWrite} />
      <InviteDialog opened={isInviting} onClose={inviting.close} />
    </Page>
  )
}

function columnsFor(mayWrite: boolean): readonly Column<Member>[] {
  const { columns } = text
  return [
    { key: 'name', title: columns.name, show: (member) => <Name member={member} /> },
    {
      key: 'email',
      title: columns.email,
      show: ({ email, emailConfirmed }) => (emailConfirmed ? email : `${email} (${text.unconfirmed})`),
    },
    {
      key: 'role',
      title: columns.role,
      show: (member) =>
        mayWrite ? <RoleSelect member={member} /> : <Text size="sm">{words.people.roles[member.role]}</Text>,
    },
    { key: 'factor', title: columns.factor, show: ({ twoFactor }) => (twoFactor ? text.on : text.off) },
    { key: 'joined', title: columns.joined, show: ({ joinedAt }) => <Time iso={joinedAt} /> },
    { key: 'actions', title: columns.actions, show: (member) => <RemoveMember member={member} /> },
  ]
}

function Name({ member }: { member: Member }) {
  const isMe = useSession().member.id === member.id
  return (
    <Text size="sm" component="span" style={{ overflowWrap: 'anywhere' }}>
      {isMe ? `${member.name} ${text.you}` : member.name}
    </Text>
  )
}
