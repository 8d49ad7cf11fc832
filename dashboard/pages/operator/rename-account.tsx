import { Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { ApiProblem, api, queryClient } from '../../api.ts'
import { useMay } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { useForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { useUnsaved } from '../../ui/unsaved.ts'
import * as words from '../../words/index.ts'
import { accountQuery } from './account-page.tsx'

const text = words.operator.account

/** Gives an account another name: its id, by which programs know it, stays. */
export function RenameAccount({ account, etag }: { account: { id: string; name: string }; etag: string }) {
  const [isOpen, { open, close }] = useDisclosure()
  const mayWrite = useMay('accounts:write')
  return (
    <>
      <Action
        variant="default"
        onClick={open}
        reason={mayWrite ? undefined : words.ui.notAllowed(text.rename)}
      >
        {text.rename}
      </Action>
      {isOpen && <RenameDialog account={account} etag={etag} onClose={close} />}
    </>
  )
}

function RenameDialog({
  account,
  etag,
  onClose,
}: {
  account: { id: string; name: string }
  etag: string
  onClose: () => void
}) {
  const [name, setName] = useState(account.name)
  const [isForeign, setForeign] = useState(false)
  useUnsaved(name !== account.name)
  const form = useForm(
    () => ({ name: name.trim() === '' ? words.people.missing.company : undefined }),
    async () => {
      try {
        await api.PATCH('/account/accounts/{accountId}', {
          params: { path: { accountId: account.id }, header: { 'if-match': etag } },
          body: { name: name.trim() },
        })
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.code !== 'precondition_failed') throw error
        await queryClient.invalidateQueries(accountQuery(account.id))
        setForeign(true)
        return
      }
      await Promise.all([
        queryClient.invalidateQueries(accountQuery(account.id)),
        queryClient.invalidateQueries({ queryKey: ['operator-accounts'] }),
      ])
      onClose()
    },
  )
  return (
    <FormDialog
      onClose={onClose}
      title={text.renameTitle(account.name)}
      form={form}
      submit={text.renameSubmit}
    >
      {isForeign && (
        <Text size="sm" role="alert" style={{ overflowWrap: 'anywhere' }}>
          {text.renamedMeanwhile(account.name)}
        </Text>
      )}
      <TextInput
        id="name"
        label={words.operator.accounts.name}
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.currentTarget.value)}
        error={form.errors.name}
        data-autofocus
      />
    </FormDialog>
  )
}
