import { Alert, Button, Divider, Group, Modal, Stack, Text, TextInput, Title } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { CopyButton, CopyIconButton } from '../../ui/copy.tsx'
import { useLeaveGuard } from '../../ui/leave-guard.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import type { FreshSecret } from './fresh-secret.ts'
import { download, envFile, tokenCurl } from './secret-texts.ts'
import { TryIt } from './try-it.tsx'

const text = words.secrets.dialog
const monospace = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } }

/** Shows a secret this once, and lets nobody leave by mistake without it. Open while there is a fresh one. */
export function SecretDialog({
  fresh,
  onClose,
  onTried,
}: {
  fresh: FreshSecret | undefined
  onClose: () => void
  /** Told when "Run it now" was answered 200. */
  onTried?: () => void
}) {
  if (!fresh) return null
  return <OpenDialog key={fresh.secret} fresh={fresh} onClose={onClose} {...(onTried && { onTried })} />
}

function OpenDialog({
  fresh,
  onClose,
  onTried,
}: {
  fresh: FreshSecret
  onClose: () => void
  onTried?: () => void
}) {
  const [isStored, setStored] = useState(false)
  const [wantsToClose, setWantsToClose] = useState(false)
  const guard = useLeaveGuard(!isStored)
  const isAsked = wantsToClose || guard.isAsked
  const close = () => {
    onClose()
    if (guard.isAsked) guard.leave()
    focusPage()
  }
  const stay = () => {
    setWantsToClose(false)
    guard.stay()
  }
  const stored = () => {
    setStored(true)
    if (isAsked) stay()
  }
  return (
    <Modal
      opened
      onClose={() => (isStored || isAsked ? close() : setWantsToClose(true))}
      closeOnClickOutside={false}
      size={640}
      title={text.title}
      closeButtonProps={{ 'aria-label': words.ui.close }}
    >
      <Stack>
        <Text size="sm">
          {text.lead(fresh.clientName)}{' '}
          {fresh.expiresAt === null ? (
            text.neverExpires
          ) : (
            <>
              {text.expires} <Time iso={fresh.expiresAt} how="exact" />
            </>
          )}
        </Text>
        <Values fresh={fresh} onStored={stored} />
        {isAsked && <Ask onBack={stay} onClose={close} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => (isStored ? close() : setWantsToClose(true))}>
            {text.stored}
          </Button>
        </Group>
        {fresh.environment === 'test' && (
          <>
            <Divider />
            <Title order={3} size="h5">
              {words.tryIt.title}
            </Title>
            <TryIt
              environment={fresh.environment}
              clientId={fresh.clientId}
              scopes={fresh.scopes}
              secret={fresh.secret}
              {...(onTried && { onSuccess: onTried })}
            />
          </>
        )}
      </Stack>
    </Modal>
  )
}

/** The two values, and the ways to take them along. */
function Values({ fresh, onStored }: { fresh: FreshSecret; onStored: () => void }) {
  const field = useRef<HTMLInputElement>(null)
  const id = useRef<HTMLInputElement>(null)
  const env = envFile(fresh)
  return (
    <>
      <TextInput
        ref={id}
        label={text.clientId}
        value={fresh.clientId}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
        styles={monospace}
        rightSection={
          <CopyIconButton text={fresh.clientId} what={text.clientId} select={() => id.current?.select()} />
        }
      />
      <TextInput
        ref={field}
        label={text.secret}
        value={fresh.secret}
        readOnly
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        onFocus={(event) => event.currentTarget.select()}
        // Who copies by hand has copied.
        onCopy={onStored}
        styles={monospace}
      />
      <Group gap="sm">
        <CopyButton
          text={fresh.secret}
          variant="filled"
          onCopy={onStored}
          select={() => field.current?.select()}
        >
          {text.copySecret}
        </CopyButton>
        <CopyButton text={env} onCopy={onStored} select={() => field.current?.select()}>
          {text.copyEnv}
        </CopyButton>
        <Button
          variant="default"
          onClick={() => {
            download(`${fresh.clientId}.env`, env)
            onStored()
          }}
        >
          {text.downloadEnv}
        </Button>
        <CopyButton text={tokenCurl(fresh)} onCopy={onStored} select={() => field.current?.select()}>
          {text.copyCurl}
        </CopyButton>
      </Group>
    </>
  )
}

/** Asked once: who closes again means it. */
function Ask({ onBack, onClose }: { onBack: () => void; onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])
  return (
    <Alert color="yellow" variant="outline" title={text.askTitle} role="alert" ref={box} tabIndex={-1}>
      <Stack gap="sm">
        <Text size="sm">{text.ask}</Text>
        <Group>
          <Button size="xs" variant="default" onClick={onBack}>
            {text.back}
          </Button>
          <Button size="xs" variant="default" onClick={onClose}>
            {text.closeAnyway}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

/** What opened it may be gone with the page before: then the page itself is where one goes on. */
function focusPage(): void {
  window.setTimeout(() => {
    if (document.activeElement !== document.body) return
    document.querySelector('h1')?.focus()
  })
}
