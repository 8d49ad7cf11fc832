import { Radio, Stack, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { api, read } from '../../api.ts'
import { useForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import * as words from '../../words/index.ts'
import { serverErrors } from './edit-form.ts'
import { type Expiry, ExpirySelect, expiryOf } from './expiry-select.tsx'
import { freshSecret } from './fresh-secret.ts'
import { type Client, clientChanged } from './queries.ts'

const text = words.secrets

type OldEnds = keyof typeof text.oldEndings

/** Adds a secret; as a rotation it also plans the end of the old one. */
export function AddSecret({
  client,
  isRotation,
  onClose,
}: {
  client: Client
  isRotation: boolean
  onClose: () => void
}) {
  const { environment, id: clientId } = client
  const [name, setName] = useState(() => new Date().toISOString().slice(0, 10))
  const [expiry, setExpiry] = useState<Expiry>('180')
  const [oldEnds, setOldEnds] = useState<OldEnds>('86400')
  const wish = useRef({ body: '', key: '' })
  const form = useForm(
    () => ({ 'secret-name': name.trim() === '' ? text.nameMissing : undefined }),
    async () => {
      const body = {
        name: name.trim(),
        ...expiryOf(expiry),
        ...(isRotation && oldEnds !== 'manual' && { endOthersInSeconds: Number(oldEnds) }),
      }
      const sent = JSON.stringify(body)
      if (wish.current.body !== sent) wish.current = { body: sent, key: crypto.randomUUID() }
      const made = await read(
        api.POST('/account/{environment}/api-clients/{clientId}/secrets', {
          params: {
            path: { environment, clientId },
            header: { 'idempotency-key': wish.current.key },
          },
          body,
        }),
      )
      freshSecret.leave({
        environment,
        clientId,
        clientName: client.name,
        secret: made.secret,
        expiresAt: made.expiresAt,
        scopes: client.scopes,
      })
      onClose()
      await clientChanged(environment, clientId)
    },
    serverErrors,
  )
  return (
    <FormDialog
      onClose={onClose}
      title={isRotation ? text.rotateTitle : text.addTitle}
      lead={isRotation ? text.rotateLead : text.addLead}
      form={form}
      submit={isRotation ? text.rotateSubmit : text.addSubmit}
    >
      <TextInput
        id="secret-name"
        label={text.name}
        description={text.nameHelp}
        maxLength={100}
        data-autofocus
        value={name}
        error={form.errors['secret-name']}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ExpirySelect value={expiry} onChange={setExpiry} />
      {isRotation && (
        <Radio.Group
          label={text.oldEnds}
          value={oldEnds}
          onChange={(value) => {
            if (isEnding(value)) setOldEnds(value)
          }}
        >
          <Stack gap="xs" mt="xs">
            {Object.entries(text.oldEndings).map(([value, label]) => (
              <Radio key={value} value={value} label={label} />
            ))}
          </Stack>
        </Radio.Group>
      )}
    </FormDialog>
  )
}

function isEnding(value: string): value is OldEnds {
  return value in text.oldEndings
}
