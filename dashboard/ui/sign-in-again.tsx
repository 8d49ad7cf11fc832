// Where a page stays open though its session is over: the door in a tab of its own, so that nothing typed is lost.
import { Text } from '@mantine/core'
import { paths } from '../paths.ts'
import * as words from '../words/index.ts'
import { DocsLink } from './link.tsx'

export function SignInAgain() {
  return (
    <Text size="sm">
      <DocsLink href={paths.signIn}>{words.shell.signInAgain}</DocsLink>
    </Text>
  )
}
