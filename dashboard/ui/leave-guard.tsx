// Before something that exists in this page alone is lost: going elsewhere, closing the tab and loading again ask first.
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import * as words from '../words/index.ts'
import { useUnsaved } from './unsaved.ts'

export interface LeaveGuardState {
  /** Somebody wants to go: ask him. */
  isAsked: boolean
  leave: () => void
  stay: () => void
}

/** @param when something would be lost. */
export function useLeaveGuard(when: boolean): LeaveGuardState {
  useUnsaved(when)
  const blocker = useBlocker({
    // A tab or a filter of the same page loses nothing.
    shouldBlockFn: ({ current, next }) => when && current.pathname !== next.pathname,
    enableBeforeUnload: () => when,
    withResolver: true,
  })
  return {
    isAsked: blocker.status === 'blocked',
    leave: () => blocker.proceed?.(),
    stay: () => blocker.reset?.(),
  }
}

/** Asks in a dialog. */
export function LeaveGuard({ when, body }: { when: boolean; body: string }) {
  const { isAsked, leave, stay } = useLeaveGuard(when)
  const text = words.ui.leaveGuard
  return (
    <Modal
      opened={isAsked}
      onClose={stay}
      title={text.title}
      closeButtonProps={{ 'aria-label': words.ui.close }}
    >
      <Stack>
        <Text size="sm">{body}</Text>
        <Group justify="space-between">
          <Button color="red" onClick={leave}>
            {text.leave}
          </Button>
          <Button variant="default" onClick={stay} data-autofocus>
            {text.stay}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
