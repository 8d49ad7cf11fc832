import { ActionIcon, Button, Kbd } from '@mantine/core'
import { useHotkeys, useOs } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { type ComponentType, useState } from 'react'
import { loadPart } from '../load-part.ts'
import type { Environment } from '../paths.ts'
import { SearchIcon } from '../ui/icons.tsx'
import * as words from '../words/index.ts'
import type { NavigationGroup } from './navigation.tsx'
import type { PaletteProps } from './palette.tsx'

const { shell } = words

/** Opens the palette. Who does not look for anything does not load it. */
export function Search({
  groups,
  environment,
}: {
  groups: readonly NavigationGroup[]
  environment: Environment | undefined
}) {
  const [Palette, setPalette] = useState<ComponentType<PaletteProps>>()
  const [opened, setOpened] = useState(false)
  const os = useOs()
  const open = async () => {
    try {
      const part = await loadPart(() => import('./palette.tsx'))
      setPalette(() => part.default)
      setOpened(true)
    } catch (error) {
      // The page that is open may hold something typed: it stays.
      notifications.show({ color: 'red', message: error instanceof Error ? error.message : String(error) })
    }
  }
  useHotkeys([['mod+K', open]], [])
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<SearchIcon />}
        rightSection={<Kbd size="xs">{os === 'macos' ? shell.searchKeysMac : shell.searchKeys}</Kbd>}
        onClick={open}
        visibleFrom="md"
      >
        {shell.search}
      </Button>
      <ActionIcon variant="default" size={26} onClick={open} hiddenFrom="md" aria-label={shell.search}>
        <SearchIcon />
      </ActionIcon>
      {Palette && (
        <Palette groups={groups} environment={environment} opened={opened} onClose={() => setOpened(false)} />
      )}
    </>
  )
}
