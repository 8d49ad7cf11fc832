import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { api } from '../../api.ts'
import { paths } from '../../paths.ts'
import { useMay, useSession } from '../../session.ts'
import { announce } from '../../ui/announce.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { focusTitle } from '../../ui/page.tsx'
import * as words from '../../words/index.ts'
import { type Member, refresh } from './queries.ts'

const text = words.people.members

/** An owner removes a member; everybody may leave. */
export function RemoveMember({ member }: { member: Member }) {
  const session = useSession()
  const mayWrite = useMay('members:write')
  const [isOpen, { open, close }] = useDisclosure()
  const isMe = session.member.id === member.id
  if (!isMe && !mayWrite) return null
  const remove = async () => {
    if (!isMe) {
      await api.DELETE('/account/members/{memberId}', { params: { path: { memberId: member.id } } })
      await refresh()
      announce(text.removed(member.name))
      return focusTitle()
    }
    await api.POST('/account/leave')
    // Whatever is left of him: another account, or the door.
    window.location.assign(session.accounts.length > 1 ? '/test/home' : paths.signIn)
  }
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        onClick={open}
        aria-label={isMe ? text.leaveWhat(session.account.name) : text.removeWhat(member.name)}
      >
        {isMe ? text.leave : text.remove}
      </Button>
      <Confirm
        opened={isOpen}
        onClose={close}
        title={isMe ? text.leaveTitle(session.account.name) : text.removeTitle(member.name)}
        action={isMe ? text.leaveAction : text.removeAction}
        onConfirm={remove}
      >
        {isMe ? text.leaveBody : text.removeBody}
      </Confirm>
    </>
  )
}
