import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { api, queryClient } from '../../api.ts'
import { paths } from '../../paths.ts'
import { useGo } from '../../routing.ts'
import { useForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import * as words from '../../words/index.ts'

const text = words.operator.apis

export function RegisterApi({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [fields, setFields] = useState({ id: '', name: '', test: '', production: '' })
  const go = useGo()
  const missing = (value: string, label: string) => (value.trim() === '' ? label : undefined)
  const form = useForm(
    () => ({
      id: missing(fields.id, text.idNote),
      name: missing(fields.name, text.name),
      test: missing(fields.test, text.audienceNote),
      production: missing(fields.production, text.audienceNote),
    }),
    async () => {
      const { id, name, test, production } = fields
      await api.POST('/account/apis', {
        params: { header: {} },
        body: {
          id: id.trim(),
          name: name.trim(),
          audiences: { test: test.trim(), production: production.trim() },
        },
      })
      await queryClient.invalidateQueries({ queryKey: ['apis'] })
      go(paths.operator.api(id.trim()))
    },
  )
  const field = (name: keyof typeof fields, label: string, description?: string) => (
    <TextInput
      id={name}
      label={label}
      description={description}
      value={fields[name]}
      spellCheck={false}
      onChange={(event) => setFields({ ...fields, [name]: event.currentTarget.value })}
      error={form.errors[name]}
    />
  )
  return (
    <FormDialog opened={opened} onClose={onClose} title={text.register} form={form} submit={text.submit}>
      {field('id', text.id, text.idNote)}
      {field('name', text.name)}
      {field('production', text.audienceProduction, text.audienceNote)}
      {field('test', text.audienceTest)}
    </FormDialog>
  )
}
