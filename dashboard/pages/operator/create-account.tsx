import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { api, queryClient, read } from '../../api.ts'
import { paths } from '../../paths.ts'
import { useGo } from '../../routing.ts'
import { useForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import * as words from '../../words/index.ts'

const text = words.operator.accounts

export function CreateAccount({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [name, setName] = useState('')
  const go = useGo()
  const form = useForm(
    () => ({ name: name.trim() === '' ? words.people.missing.company : undefined }),
    async () => {
      const { id } = await read(
        api.POST('/account/accounts', { params: { header: {} }, body: { name: name.trim() } }),
      )
      await queryClient.invalidateQueries({ queryKey: ['operator-accounts'] })
      go(paths.operator.account(id))
    },
  )
  return (
    <FormDialog opened={opened} onClose={onClose} title={text.createTitle} form={form} submit={text.submit}>
      <TextInput
        id="name"
        label={text.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={form.errors.name}
        data-autofocus
      />
    </FormDialog>
  )
}
