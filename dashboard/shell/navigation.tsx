import { NavLink, Stack, Text } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { type Environment, paths, pathsOf } from '../paths.ts'
import { useLinkProps } from '../ui/link.tsx'
import * as words from '../words/index.ts'

/** A page that the navigation and the palette lead to. */
export interface NavigationEntry {
  href: string
  label: string
}

export interface NavigationGroup {
  /** Left out: the first group has none. */
  title?: string
  entries: readonly NavigationEntry[]
}

export function environmentNavigation(environment: Environment): readonly NavigationGroup[] {
  const to = pathsOf(environment)
  const { pages, account } = words.shell
  return [
    {
      entries: [
        { href: to.home, label: pages.home },
        { href: to.documents, label: pages.documents },
        { href: to.identifications, label: pages.identifications },
        { href: to.events, label: pages.events },
        { href: to.logs, label: pages.logs },
      ],
    },
    {
      title: account,
      entries: [
        { href: to.clients, label: pages.clients },
        { href: to.members, label: pages.members },
        { href: to.audit, label: pages.audit },
        { href: to.settings, label: pages.settings },
        { href: to.production, label: pages.production },
      ],
    },
  ]
}

export function operatorNavigation(): readonly NavigationGroup[] {
  const { operatorPages, operator } = words.shell
  const { accounts, requests, apis, keys, audit, system } = paths.operator
  return [
    {
      title: operator,
      entries: [
        { href: accounts, label: operatorPages.accounts },
        { href: requests, label: operatorPages.requests },
        { href: apis, label: operatorPages.apis },
        { href: keys, label: operatorPages.keys },
        { href: audit, label: operatorPages.audit },
        { href: system, label: operatorPages.system },
      ],
    },
  ]
}

export function Navigation({ groups, onGo }: { groups: readonly NavigationGroup[]; onGo: () => void }) {
  return (
    <Stack gap="md">
      {groups.map((group) => (
        <Stack key={group.title ?? ''} gap={2}>
          {group.title && (
            <Text size="xs" fw={600} c="dimmed" px="sm">
              {group.title}
            </Text>
          )}
          {group.entries.map((entry) => (
            <Entry key={entry.href} entry={entry} onGo={onGo} />
          ))}
        </Stack>
      ))}
    </Stack>
  )
}

function Entry({ entry, onGo }: { entry: NavigationEntry; onGo: () => void }) {
  const { pathname } = useLocation()
  const isHere = pathname === entry.href || pathname.startsWith(`${entry.href}/`)
  return (
    <NavLink
      {...useLinkProps(entry.href, onGo)}
      label={entry.label}
      active={isHere}
      {...(isHere && { 'aria-current': 'page' as const })}
      py={6}
      style={{ borderRadius: 6 }}
    />
  )
}
