import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { api, queryClient } from '../../api.ts'
import { useForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import * as words from '../../words/index.ts'

const text = words.operator.api

/** Says what to use instead of a scope. @param scope undefined: closed. */
export function DeprecateScope({
  apiId,
  etag,
  scope,
  onClose,
}: {
  apiId: string
  etag: string
  scope: string | undefined
  onClose: () => void
}) {
  const [note, setNote] = useState('')
  const form = useForm(
    () => ({ note: note.trim() === '' ? text.noteMissing : undefined }),
    async () => {
      await api.POST('/account/apis/{apiId}/scopes/{scope}/deprecate', {
        params: { path: { apiId, scope: scope ?? '' }, header: { 'if-match': etag } },
        body: { note: note.trim() },
      })
      setNote('')
      onClose()
      await queryClient.invalidateQueries({ queryKey: ['api', apiId] })
    },
  )
  return (
    <FormDialog
      opened={scope !== undefined}
      onClose={onClose}
      title={text.deprecateTitle(scope ?? '')}
      form={form}
      submit={text.deprecateSubmit}
    >
      <TextInput
        id="note"
        label={text.deprecateNote}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={form.errors.note}
        data-autofocus
      />
    </FormDialog>
  )
}
