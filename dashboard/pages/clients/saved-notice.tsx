import { Alert, CloseButton, Group, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { createHandover } from '../../ui/handover.ts'
import { clockTime, useTimeZone } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { type EffectiveOn, effectText } from './effect.ts'

export interface Saved {
  clientId: string
  /** Milliseconds. */
  at: number
  scopesChanged: boolean
  /** The scope that was added, if it was one: it is what the test call tries. */
  added: string | undefined
  effectiveOn: EffectiveOn | undefined
}

/** From the form to the page of the client. */
export const savedHandover = createHandover<Saved>()

/** That it is saved, and from when it counts. */
export function SavedNotice({ saved, onClose }: { saved: Saved; onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])
  const [zone] = useTimeZone()
  const text = words.clients.saved
  return (
    <Alert color="latch" variant="outline" p="sm" role="status" ref={box} tabIndex={-1}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm">
          {saved.scopesChanged ? text.scopes(clockTime(saved.at, zone)) : text.plain}{' '}
          {saved.effectiveOn !== undefined && effectText(saved.effectiveOn)}
        </Text>
        <CloseButton size="sm" aria-label={words.ui.close} onClick={onClose} />
      </Group>
    </Alert>
  )
}
