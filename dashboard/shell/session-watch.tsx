import { Alert, Stack, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useSession } from '../session.ts'
import { sessionBegins, useIsSessionOver } from '../session-end.ts'
import { SignInAgain } from '../ui/sign-in-again.tsx'
import * as words from '../words/index.ts'

/** What the page does when its session ends, or becomes another's in another tab. */
export function SessionWatch() {
  const { member } = useSession()
  const shown = useRef(member.id)
  useEffect(sessionBegins, [])
  // What is shown here is not his: a click must not change something in the account that he looks at elsewhere.
  useEffect(() => {
    if (member.id !== shown.current) window.location.reload()
  }, [member.id])
  if (!useIsSessionOver()) return null
  return (
    <Alert color="red" variant="outline" mb="lg" title={words.shell.sessionOver} role="alert">
      <Stack gap="xs">
        <Text size="sm">{words.shell.sessionOverBody}</Text>
        <SignInAgain />
      </Stack>
    </Alert>
  )
}
