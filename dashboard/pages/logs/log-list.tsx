import './logs.css'
import { Button, Group, Stack, Switch, Text } from '@mantine/core'
import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useEnvironment, useSearch } from '../../routing.ts'
import { announce } from '../../ui/announce.tsx'
import { usePagedQuery } from '../../ui/paged-query.ts'
import { MoreButton } from '../../ui/query-state.tsx'
import { ErrorState, LoadingState } from '../../ui/states.tsx'
import { timeWishOf } from '../../ui/time-filter.tsx'
import * as words from '../../words/index.ts'
import { EntryPanel } from './entry-panel.tsx'
import { LogFilters } from './log-filters.tsx'
import { LogTable } from './log-table.tsx'
import { NoEntries } from './no-entries.tsx'
import { type EntryPage, fetchEntries, filterOfSearch, type LogFilter, logFilterNames } from './queries.ts'
import { keptWaiting, type LiveEntries, newestFirst, useLiveEntries } from './use-live-entries.ts'

const text = words.logs
/** A list that grew longer than that by itself is read anew. */
const mostKept = 500
/** Who has scrolled further than that reads. */
const readsFromPx = 200
/** A busy log is not read aloud without end. */
const announceEveryMs = 10_000

/**
 * The log of an environment, or of one client: filters, live entries, the panel of one entry.
 * @param clientId of one client alone.
 */
export function LogList({ clientId }: { clientId?: string | undefined }) {
  const environment = useEnvironment()
  const cache = useQueryClient()
  const [search, setSearch] = useSearch()
  const [isLive, setLive] = useState(true)
  const list = useRef<HTMLDivElement>(null)
  const filter: LogFilter = { ...filterOfSearch(search), ...(clientId !== undefined && { clientId }) }
  const time = timeWishOf(search)
  const queryKey = ['logs', environment, filter, time]
  const query = usePagedQuery(queryKey, (cursor) => fetchEntries(environment, filter, time, cursor), isLive)
  const { items } = query
  const live = useLiveEntries(environment, filter, isLive && time.to === undefined)
  const known = new Set(items.map(({ requestId }) => requestId))
  const fresh = query.isSuccess ? live.waiting.filter(({ requestId }) => !known.has(requestId)) : []
  const isEmpty = query.isSuccess && items.length === 0
  const isNarrowed = logFilterNames.some((name) => search[name])
  useAnnounced(fresh.length)

  const show = async () => {
    live.take()
    if (fresh.length >= keptWaiting || items.length > mostKept) await cache.resetQueries({ queryKey })
    else
      cache.setQueryData<InfiniteData<EntryPage>>(queryKey, (before) => {
        const [first, ...others] = before?.pages ?? []
        if (!before || !first) return before
        return { ...before, pages: [{ ...first, items: newestFirst([...fresh, ...first.items]) }, ...others] }
      })
  }
  // Nothing moves under the eyes, the pointer or the keyboard of who reads.
  const isReading = () =>
    search.entry !== undefined ||
    window.scrollY > readsFromPx ||
    list.current?.matches(':hover, :focus-within') === true
  useEffect(() => {
    if (fresh.length > 0 && !isReading()) void show()
  })
  const showAndGo = async () => {
    await show()
    window.requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('tbody button')?.focus())
  }
  const clear = isNarrowed && (
    <Button
      variant="default"
      size="xs"
      onClick={() => setSearch(Object.fromEntries(logFilterNames.map((name) => [name, ''])))}
    >
      {words.ui.clearFilters}
    </Button>
  )
  return (
    <Stack>
      <LogFilters withClient={clientId === undefined} />
      <Group justify="space-between" gap="sm" mih={36}>
        {fresh.length > 0 ? (
          <Button variant="default" size="xs" onClick={showAndGo}>
            {text.newEntries(fresh.length)}
          </Button>
        ) : (
          <LiveState live={live} isPast={time.to !== undefined} onRefresh={() => query.refetch()} />
        )}
        <Switch
          label={text.live}
          checked={isLive}
          onChange={(event) => setLive(event.currentTarget.checked)}
        />
      </Group>
      {query.isPending && <LoadingState />}
      {query.isError && (
        <>
          <ErrorState error={query.error} onRetry={() => query.refetch()} />
          <div>{clear}</div>
        </>
      )}
      {isEmpty && isNarrowed && (
        <Group gap="sm">
          <Text>{words.ui.nothingMatches}</Text>
          {clear}
        </Group>
      )}
      {isEmpty && !isNarrowed && <NoEntries clientId={clientId} />}
      {items.length > 0 && (
        <div ref={list}>
          <LogTable entries={items} withClient={clientId === undefined} />
        </div>
      )}
      <MoreButton query={query} />
      <EntryPanel />
    </Stack>
  )
}

function LiveState({
  live,
  isPast,
  onRefresh,
}: {
  live: LiveEntries
  isPast: boolean
  onRefresh: () => void
}) {
  const { state } = live
  return (
    <Group gap="sm">
      <Text size="sm" c="dimmed">
        {isPast ? text.states.past : text.states[state]}
      </Text>
      {state === 'off' && (
        <Button variant="default" size="compact-sm" onClick={onRefresh}>
          {text.refresh}
        </Button>
      )}
      {state === 'ended' && (
        <Button variant="default" size="compact-sm" onClick={live.connectAgain}>
          {words.ui.tryAgain}
        </Button>
      )}
    </Group>
  )
}

function useAnnounced(count: number): void {
  const lastMs = useRef(0)
  useEffect(() => {
    if (count === 0 || Date.now() - lastMs.current < announceEveryMs) return
    lastMs.current = Date.now()
    announce(text.newAloud(count))
  }, [count])
}
