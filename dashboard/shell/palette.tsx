import './palette.css'
import { Box, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import { type Environment, pathsOf } from '../paths.ts'
import { useGo } from '../routing.ts'
import { SearchIcon } from '../ui/icons.tsx'
import * as words from '../words/index.ts'
import type { NavigationGroup } from './navigation.tsx'
import { useFoundClients } from './palette-clients.ts'

export interface PaletteProps {
  groups: readonly NavigationGroup[]
  environment: Environment | undefined
  opened: boolean
  onClose: () => void
}

interface Result {
  href: string
  label: string
  /** Tells apart what is called the same. */
  note?: string
}

const { shell } = words

/** Ctrl K: goes to a page, to a client by its name or id, to an entry by its request id. */
export default function Palette({ groups, environment, opened, onClose }: PaletteProps) {
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const wish = query.trim()
  const clients = useFoundClients(environment, wish)
  const results = [...entriesOf(wish, environment), ...clients, ...pagesOf(wish, groups)]
  const active = Math.min(chosen, results.length - 1)
  const id = useId()
  const go = useGo()
  const { href: here } = useLocation()

  const close = () => {
    setQuery('')
    setChosen(0)
    onClose()
  }
  const follow = (result: Result | undefined) => {
    if (!result) return
    close()
    if (result.href !== here) go(result.href)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Enter') follow(results[active])
    else if (step !== undefined) setChosen((active + step + results.length) % Math.max(results.length, 1))
    else return
    event.preventDefault()
  }
  useEffect(() => {
    if (opened) document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [opened, id, active])

  return (
    <Modal
      opened={opened}
      onClose={close}
      withCloseButton={false}
      centered={false}
      yOffset="10vh"
      size="lg"
      padding={0}
      attributes={{ content: { 'aria-label': shell.search } }}
    >
      <TextInput
        role="combobox"
        aria-label={shell.searchPages}
        aria-expanded={results.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={results.length > 0 ? `${id}-${active}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder={shell.searchPages}
        leftSection={<SearchIcon />}
        size="md"
        variant="unstyled"
        data-autofocus
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div role="status" className="only-read-aloud">
        {results.length === 0 ? shell.searchNothing : shell.searchFound(results.length)}
      </div>
      {results.length === 0 && (
        <Text size="sm" p="md" aria-hidden>
          {shell.searchNothing}
        </Text>
      )}
      <Box role="listbox" id={`${id}-list`} aria-label={shell.searchResults} className="palette-results">
        {results.map((result, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, aria-activedescendant names it
          // biome-ignore lint/a11y/useKeyWithClickEvents: so do the keys
          <div
            key={result.href}
            role="option"
            id={`${id}-${index}`}
            aria-selected={index === active}
            className="palette-result"
            onMouseMove={() => setChosen(index)}
            onClick={() => follow(result)}
          >
            <Stack gap={0}>
              <Text size="sm">{result.label}</Text>
              {result.note && (
                <Text size="xs" c="dimmed" className="id">
                  {result.note}
                </Text>
              )}
            </Stack>
          </div>
        ))}
      </Box>
    </Modal>
  )
}

function pagesOf(wish: string, groups: readonly NavigationGroup[]): Result[] {
  const found = wish.toLowerCase()
  return groups.flatMap(({ entries }) => entries).filter(({ label }) => label.toLowerCase().includes(found))
}

/** Whoever pastes a request id looks for what happened to it. */
function entriesOf(wish: string, environment: Environment | undefined): Result[] {
  if (environment === undefined || !/^req_[0-9a-f-]{36}$/.test(wish)) return []
  return [{ href: pathsOf(environment).logEntry(wish), label: wish, note: shell.pages.logs }]
}
