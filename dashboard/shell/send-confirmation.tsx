import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { api } from '../api.ts'
import * as words from '../words/index.ts'

const text = words.people.settings

/** Sends the mail that confirms the address again. */
export function SendConfirmation() {
  const send = useMutation({
    mutationFn: () => api.POST('/account/email-confirmation'),
    onSuccess: () => notifications.show({ message: text.sentAgain }),
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
  })
  return (
    <Button variant="default" size="compact-sm" loading={send.isPending} onClick={() => send.mutate()}>
      {text.sendAgain}
    </Button>
  )
}
