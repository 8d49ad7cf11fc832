import { useDisclosure } from '@mantine/hooks'
import { ApiProblem, api, queryClient } from '../../api.ts'
import { useMay } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import * as words from '../../words/index.ts'
import { accountQuery } from './account-page.tsx'

const text = words.operator.account

interface Approvable {
  id: string
  name: string
  production: 'none' | 'approved'
  clients: { production: number }
}

/** Approves an account for production, or takes that back: as the operator has seen it, not as others made it. */
export function Approval({ account, etag }: { account: Approvable; etag: string }) {
  const [isOpen, { open, close }] = useDisclosure()
  const mayWrite = useMay('accounts:write')
  const isApproved = account.production === 'approved'
  const action = isApproved ? text.withdraw : text.approve
  const decide = async () => {
    const options = { params: { path: { accountId: account.id }, header: { 'if-match': etag } } }
    try {
      if (isApproved) await api.POST('/account/accounts/{accountId}/withdraw-production', options)
      else await api.POST('/account/accounts/{accountId}/approve-production', options)
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'precondition_failed') {
        await queryClient.invalidateQueries(accountQuery(account.id))
        throw new ApiProblem(error.status, { ...error.members, detail: text.meanwhile })
      }
      throw error
    }
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ['operator-account'] }),
      queryClient.invalidateQueries({ queryKey: ['operator-accounts'] }),
      queryClient.invalidateQueries({ queryKey: ['production-requests'] }),
    ])
  }
  return (
    <>
      <Action
        onClick={open}
        variant={isApproved ? 'default' : 'filled'}
        reason={mayWrite ? undefined : words.ui.notAllowed(action)}
      >
        {action}
      </Action>
      <Confirm
        opened={isOpen}
        onClose={close}
        title={isApproved ? text.withdrawTitle(account.name) : text.approveTitle(account.name)}
        action={action}
        destructive={isApproved}
        onConfirm={decide}
      >
        {isApproved ? text.withdrawBody(account.clients.production) : text.approveBody}
      </Confirm>
    </>
  )
}
