import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import * as words from '../words/index.ts'
import { FormErrors, type FormState } from './form.tsx'
import { useReturnFocus } from './return-focus.ts'

export interface FormDialogProps {
  opened?: boolean
  onClose: () => void
  title: string
  /** What it does, before the fields. */
  lead?: string | undefined
  form: FormState
  /** The button that sends it, e.g. `Create account`. */
  submit: string
  /** False: what the fields need has not come yet. */
  isReady?: boolean
  /** In pixels; that of the theme by default. */
  width?: number
  /** The fields. */
  children: ReactNode
}

/** A form in a dialog: what has to be mended stands above the fields, cancel and submit below. */
export function FormDialog({
  opened = true,
  onClose,
  title,
  lead,
  form,
  submit,
  isReady = true,
  width,
  children,
}: FormDialogProps) {
  useReturnFocus()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': words.ui.close }}
      {...(width !== undefined && { size: width })}
    >
      <form onSubmit={form.submit} noValidate>
        <Stack>
          {lead && <Text size="sm">{lead}</Text>}
          <FormErrors form={form} />
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words.ui.cancel}
            </Button>
            <Button type="submit" loading={form.busy || !isReady}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
