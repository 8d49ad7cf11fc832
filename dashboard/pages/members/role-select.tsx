import { Select, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { ApiProblem, api, queryClient } from '../../api.ts'
import { sessionQuery } from '../../session.ts'
import { announce } from '../../ui/announce.tsx'
import * as words from '../../words/index.ts'
import { isRole, type Member, type Role, refresh, roles } from './queries.ts'

const text = words.people

/** The role of a member; a change waits for the server, because it decides what somebody may do. */
export function RoleSelect({ member }: { member: Member }) {
  const change = useMutation({
    mutationFn: (role: Role) =>
      api.PATCH('/account/members/{memberId}', {
        params: { path: { memberId: member.id }, header: { 'if-match': `"${member.version}"` } },
        body: { role },
      }),
    onSuccess: (_answer, role) => announce(text.members.changed(member.name, text.roles[role])),
    onError: (error) =>
      notifications.show({
        color: 'red',
        message:
          error instanceof ApiProblem && error.code === 'precondition_failed'
            ? text.members.meanwhile
            : error.message,
      }),
    onSettled: async () => {
      await refresh()
      await queryClient.invalidateQueries(sessionQuery)
    },
  })
  return (
    <Select
      aria-label={text.members.changeRole(member.name)}
      size="xs"
      w={150}
      allowDeselect={false}
      disabled={change.isPending}
      value={change.isPending ? change.variables : member.role}
      onChange={(role) => isRole(role) && role !== member.role && change.mutate(role)}
      data={roles.map((role) => ({ value: role, label: text.roles[role] }))}
      comboboxProps={{ width: 300 }}
      renderOption={({ option }) => (
        <div>
          <Text size="sm">{option.label}</Text>
          <Text size="xs" c="dimmed">
            {isRole(option.value) && text.roleTexts[option.value]}
          </Text>
        </div>
      )}
    />
  )
}
