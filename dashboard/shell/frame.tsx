// The frame of every page of a signed-in member: the bar, the pages at the left, the band of the test environment.
import { Alert, Anchor, AppShell, Box, Burger, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Outlet } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type Environment, paths } from '../paths.ts'
import { useSession } from '../session.ts'
import { Mark } from '../ui/icons.tsx'
import { DocsLink } from '../ui/link.tsx'
import { Time } from '../ui/time.tsx'
import * as words from '../words/index.ts'
import { AccountMenu } from './account-menu.tsx'
import { Navigation, type NavigationGroup } from './navigation.tsx'
import { Search } from './search.tsx'
import { SendConfirmation } from './send-confirmation.tsx'
import { SessionWatch } from './session-watch.tsx'

export interface FrameProps {
  groups: readonly NavigationGroup[]
  /** Undefined: the operator's pages belong to none. */
  environment: Environment | undefined
  /** What stands beside the name of the account. */
  place: ReactNode
  /** What stands at the end of the navigation. */
  foot?: ReactNode
}

export function Frame({ groups, environment, place, foot }: FrameProps) {
  const [opened, { toggle, close }] = useDisclosure()
  const session = useSession()
  const isTest = environment === 'test'
  const { shell } = words
  return (
    <AppShell
      header={{ height: isTest ? 86 : 56 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip-link" href="#content">
        {shell.skip}
      </a>
      <AppShell.Header style={environment === 'production' ? { borderBottomWidth: 3 } : {}}>
        <Group
          h={isTest ? 56 : 53}
          px={{ base: 'xs', xs: 'md' }}
          justify="space-between"
          wrap="nowrap"
          gap="xs"
        >
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={shell.menu}
              aria-expanded={opened}
            />
            <Anchor
              href={paths.front}
              aria-label={shell.product}
              underline="never"
              c="inherit"
              lh={0}
              visibleFrom="xs"
            >
              <Mark />
            </Anchor>
            <Text fw={600} truncate visibleFrom="xs">
              {session.account.name}
            </Text>
            {place}
          </Group>
          <Group gap="sm" wrap="nowrap">
            <Search groups={groups} environment={environment} />
            <Box visibleFrom="sm" fz="sm">
              <DocsLink href={paths.docs}>{shell.docs}</DocsLink>
            </Box>
            <AccountMenu />
          </Group>
        </Group>
        {isTest && (
          <Box
            className="test-band"
            px="md"
            h={30}
            fz="sm"
            lh="30px"
            bg="var(--latchkey-amber)"
            c="var(--latchkey-amber-text)"
            style={{
              borderTop: '1px solid var(--latchkey-amber-line)',
              overflow: 'hidden',
              whiteSpace: 'nowrap',
            }}
          >
            {shell.testBand}
          </Box>
        )}
      </AppShell.Header>
      <AppShell.Navbar
        p="sm"
        aria-label={shell.navigation}
        className="pages"
        mod={{ opened }}
        style={{ overflowY: 'auto' }}
      >
        <Navigation groups={groups} onGo={close} />
        {foot}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Box maw={1120}>
          <SessionWatch />
          <TrialNotice />
          <Outlet />
        </Box>
      </AppShell.Main>
    </AppShell>
  )
}

/** While the address is not confirmed: what to do, and until when. */
function TrialNotice() {
  const { person, account, mail } = useSession()
  if (person.emailConfirmed) return null
  return (
    <Alert color="yellow" variant="outline" mb="lg" p="sm">
      <Group gap="sm">
        <Text size="sm" flex="1 1 20rem">
          {words.shell.unconfirmed} {mail === 'files' && words.people.mailInFiles}
          {account.trialEndsAt && (
            <>
              {' '}
              {words.shell.trialEnds} <Time iso={account.trialEndsAt} how="exact" />
            </>
          )}
        </Text>
        <SendConfirmation />
      </Group>
    </Alert>
  )
}
