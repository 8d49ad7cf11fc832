import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api, queryClient, read } from '../../api.ts'
import { paths } from '../../paths.ts'
import { useGo } from '../../routing.ts'
import { FormErrors, useForm } from '../../ui/form.tsx'
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
    <Modal
      opened={opened}
      onClose={onClose}
      title={text.createTitle}
      closeButtonProps={{ 'aria-label': words.ui.close }}
    >
      <form onSubmit={form.submit} noValidate>
        <Stack>
          <FormErrors form={form} />
          <TextInput
            id="name"
            label={text.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={form.errors.name}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words.ui.cancel}
            </Button>
            <Button type="submit" loading={form.busy}>
              {text.submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
