import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ApiProblem, api, read } from '../../api.ts'
import { useForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import * as words from '../../words/index.ts'
import { serverErrors } from './edit-form.ts'
import { isExpiry, momentOf } from './expiry-select.tsx'
import { type Client, clientChanged, type Secret } from './queries.ts'

const text = words.secrets
const kept = 'keep'

/** Another name, or another end. */
export function ChangeSecret({
  client,
  secret,
  onClose,
}: {
  client: Client
  secret: Secret
  onClose: () => void
}) {
  const { environment, id: clientId } = client
  const [name, setName] = useState(secret.name)
  const [expiry, setExpiry] = useState<string>(kept)
  const [version, setVersion] = useState(secret.version)
  const form = useForm(
    () => ({ 'secret-name': name.trim() === '' ? text.nameMissing : undefined }),
    async () => {
      try {
        await read(
          api.PATCH('/account/{environment}/api-clients/{clientId}/secrets/{secretId}', {
            params: {
              path: { environment, clientId, secretId: secret.id },
              // Its ETag, as openapi.json says it.
              header: { 'if-match': `"${version}"` },
            },
            body: {
              name: name.trim(),
              ...(isExpiry(expiry) && { expiresAt: momentOf(expiry) }),
            },
          }),
        )
      } catch (error) {
        // The next press is on top of what is there now: the message says that somebody changed it.
        const now = error instanceof ApiProblem ? error.members.version : undefined
        if (typeof now === 'number') setVersion(now)
        await clientChanged(environment, clientId)
        throw error
      }
      await clientChanged(environment, clientId)
      onClose()
    },
    serverErrors,
  )
  return (
    <FormDialog
      onClose={onClose}
      title={text.changeTitle(secret.name)}
      form={form}
      submit={text.changeSubmit}
    >
      <TextInput
        id="secret-name"
        label={text.name}
        maxLength={100}
        data-autofocus
        value={name}
        error={form.errors['secret-name']}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={text.expiry}
        value={expiry}
        data={[
          { value: kept, label: text.keep },
          ...Object.entries(text.expiries).map(([value, label]) => ({ value, label })),
        ]}
        onChange={(event) => setExpiry(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
