// Entries as they happen, by server-sent events: they wait beside the list until somebody takes them into it.
import { useEffect, useState } from 'react'
import { isRecord, queryClient } from '../../api.ts'
import type { Environment } from '../../paths.ts'
import { writeSearch } from '../../routing.ts'
import { sessionQuery } from '../../session.ts'
import { type Entry, fetchEntries, type LogFilter } from './queries.ts'

export interface LiveEntries {
  /** Those that came since the list was last taken, newest first. */
  waiting: readonly Entry[]
  state: 'off' | 'opening' | 'open' | 'lost' | 'ended'
  /** They are in the list now. */
  take: () => void
  connectAgain: () => void
}

/** More than that nobody looks through: the list is read anew instead. */
export const keptWaiting = 500
/** What was answered before the stream began can be found by then. */
const foundAfterMs = 5000

export function useLiveEntries(environment: Environment, filter: LogFilter, isOn: boolean): LiveEntries {
  const [waiting, setWaiting] = useState<readonly Entry[]>([])
  const [state, setState] = useState<LiveEntries['state']>('off')
  const [attempt, setAttempt] = useState(0)
  const narrowed = writeSearch({ ...filter })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a filter is what it says, not which object it is
  useEffect(() => {
    setWaiting([])
    setState(isOn ? 'opening' : 'off')
    if (!isOn) return undefined
    const seen = new Set<string>()
    const add = (entries: readonly Entry[]) => {
      const fresh = entries.filter(({ requestId }) => !seen.has(requestId))
      for (const { requestId } of fresh) seen.add(requestId)
      if (fresh.length > 0) setWaiting((before) => newestFirst([...before, ...fresh]).slice(0, keptWaiting))
    }
    // What fell between the list and the stream, or out of a stream that was too fast.
    const catchUp = () =>
      fetchEntries(environment, filter, {}, undefined).then(
        ({ items }) => add(items),
        () => undefined,
      )
    const source = new EventSource(`/account/${environment}/activity/stream${narrowed}`)
    let timer: number | undefined
    source.onopen = () => {
      setState('open')
      window.clearTimeout(timer)
      timer = window.setTimeout(catchUp, foundAfterMs)
    }
    source.onerror = () => {
      const isEnded = source.readyState === EventSource.CLOSED
      setState(isEnded ? 'ended' : 'lost')
      // Perhaps the session is over: then it is asked for anew, and leads to the door.
      if (isEnded) void queryClient.invalidateQueries(sessionQuery)
    }
    source.addEventListener('activity', (event) => {
      const entry: unknown = JSON.parse(event.data)
      if (isEntry(entry)) add([entry])
    })
    source.addEventListener('skipped', catchUp)
    return () => {
      window.clearTimeout(timer)
      source.close()
    }
  }, [environment, narrowed, isOn, attempt])
  return {
    waiting,
    state,
    take: () => setWaiting([]),
    connectAgain: () => setAttempt((before) => before + 1),
  }
}

/** Request ids are in the order of time. */
export function newestFirst(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((one, other) => (one.requestId < other.requestId ? 1 : -1))
}

function isEntry(value: unknown): value is Entry {
  return isRecord(value) && typeof value.requestId === 'string' && typeof value.status === 'number'
}
