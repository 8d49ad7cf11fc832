import { Radio, Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api, queryClient } from '../../api.ts'
import { useForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import * as words from '../../words/index.ts'

const text = words.operator.api
const accesses = ['everyone', 'granted'] as const

export function AddScope({
  apiId,
  opened,
  onClose,
}: {
  apiId: string
  opened: boolean
  onClose: () => void
}) {
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [access, setAccess] = useState<(typeof accesses)[number]>('everyone')
  const [endpoints, setEndpoints] = useState('')
  const form = useForm(
    () => ({
      name: name.trim() === '' ? text.scopeNote : undefined,
      description: description.trim() === '' ? text.description : undefined,
    }),
    async () => {
      const lines = endpoints.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
      await api.POST('/account/apis/{apiId}/scopes', {
        params: { path: { apiId }, header: {} },
        body: { name: name.trim(), description: description.trim(), access, endpoints: lines },
      })
      setName('')
      setDescription('')
      setEndpoints('')
      onClose()
      await queryClient.invalidateQueries({ queryKey: ['api', apiId] })
    },
  )
  return (
    <FormDialog opened={opened} onClose={onClose} title={text.addScope} form={form} submit={text.submit}>
      <TextInput
        id="name"
        label={text.scopeName}
        description={text.scopeNote}
        value={name}
        spellCheck={false}
        onChange={(event) => setName(event.currentTarget.value)}
        error={form.errors.name}
      />
      <TextInput
        id="description"
        label={text.description}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
        error={form.errors.description}
      />
      <Radio.Group
        label={text.access}
        value={access}
        onChange={(value) => setAccess(accesses.find((one) => one === value) ?? 'everyone')}
      >
        <Stack gap="xs" mt={4}>
          {accesses.map((one) => (
            <Radio key={one} value={one} label={text.accesses[one]} />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        id="endpoints"
        label={text.endpoints}
        autosize
        minRows={2}
        value={endpoints}
        spellCheck={false}
        onChange={(event) => setEndpoints(event.currentTarget.value)}
        error={form.errors.endpoints}
      />
    </FormDialog>
  )
}
