import { Box, Button, Menu, Text, useMantineColorScheme } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { api } from '../api.ts'
import { paths, pathsOf } from '../paths.ts'
import { useSession } from '../session.ts'
import { ChevronIcon, PersonIcon } from '../ui/icons.tsx'
import { useLinkProps } from '../ui/link.tsx'
import { useTimeZone } from '../ui/time.tsx'
import * as words from '../words/index.ts'

const schemes = ['auto', 'light', 'dark'] as const
const zones = ['local', 'utc'] as const

/** Who is still signed in, or still in the account before, must not believe otherwise. */
function tell(error: Error): void {
  notifications.show({ color: 'red', message: error.message })
}

/** Who is signed in, for which account he works, how he wants to see it, and the way out. */
export function AccountMenu() {
  const session = useSession()
  const settings = useLinkProps(pathsOf('test').settings)
  const operator = useLinkProps(paths.operator.accounts)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [zone, setZone] = useTimeZone()
  const signOut = useMutation({
    mutationFn: () => api.POST('/account/sign-out'),
    onSuccess: () => window.location.assign(paths.signIn),
    onError: tell,
  })
  const workIn = useMutation({
    mutationFn: (accountId: string) => api.POST('/account/session/account', { body: { accountId } }),
    // Nothing of the account before is shown in the other: the page is loaded anew.
    onSuccess: () => window.location.assign(pathsOf('test').home),
    onError: tell,
  })
  const others = session.accounts.filter(({ id }) => id !== session.account.id)
  const { shell } = words
  return (
    <Menu position="bottom-end" width={260} shadow="sm">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          maw={{ base: 76, xs: 130, sm: 240 }}
          rightSection={<ChevronIcon />}
          aria-label={session.person.name}
        >
          <Box component="span" hiddenFrom="xs" lh={0}>
            <PersonIcon />
          </Box>
          <Text component="span" inherit truncate visibleFrom="xs">
            {session.person.name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label style={{ overflowWrap: 'anywhere' }}>
          {session.person.email}
          <br />
          {session.account.name}
        </Menu.Label>
        <Menu.Item component="a" {...settings}>
          {shell.pages.settings}
        </Menu.Item>
        {session.permissions.includes('accounts:read') && (
          <Menu.Item component="a" {...operator}>
            {shell.operator}
          </Menu.Item>
        )}
        {others.length > 0 && <Menu.Label>{shell.workIn}</Menu.Label>}
        {others.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => workIn.mutate(id)}>
            {name}
          </Menu.Item>
        ))}
        <Menu.Label>{shell.theme}</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(wanted) => setColorScheme(schemes.find((scheme) => scheme === wanted) ?? 'auto')}
        >
          {schemes.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {shell.themes[scheme]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Label>{shell.times}</Menu.Label>
        <Menu.RadioGroup
          value={zone}
          onChange={(wanted) => setZone(zones.find((candidate) => candidate === wanted) ?? 'local')}
        >
          {zones.map((candidate) => (
            <Menu.RadioItem key={candidate} value={candidate}>
              {shell.timeZones[candidate]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item onClick={() => signOut.mutate()}>{shell.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
