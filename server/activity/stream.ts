// The activity as it happens: server-sent events (HTML Living Standard, "Server-sent events"). Each node asks the store
// once a second, so that what another node answered shows here, too.
import { Readable } from 'node:stream'
import type { Now } from '../vocabulary/clock.ts'
import type { ActivityFilter, ActivityStore } from './activity-store.ts'
import type { ActivityEntry } from './entry.ts'
import { beganAt } from './entry-id.ts'
import { type EntryAnswer, entryAnswer } from './entry-schema.ts'

export interface StreamOptions {
  store: ActivityStore
  now: Now
  filter: ActivityFilter
  /** The last entry that the reader has; undefined: it begins now. */
  lastId: string | undefined
  /** Whether the reader may still read; asked every few seconds. */
  mayStill: () => Promise<boolean>
  onError: (error: unknown) => void
}

const pollMs = 1000
/** Ids are given at the start of a request, and batches come late: so far back is looked each time. */
const lookBackMs = 15_000
/** After a pause not more than this is made up for. */
const resumeMs = 600_000
/** Before the last entry that the reader has: what was stored late may be of then. Some may come twice. */
const resumeBackMs = 2000
/** In one look. A reader who is offered more than he can look at is told to read the list. */
const entriesPerLook = 500
const heartbeatMs = 15_000
const checkMs = 2000
/** What waits for a slow reader. Beyond it he is dropped, and resumes when he comes again. */
const waitingBytes = 512 * 1024

/** A stream that has begun; `end` lets the reader go. */
export interface ActivityStream {
  body: Readable
  end: () => void
}

export function openActivityStream(options: StreamOptions): ActivityStream {
  const { now, lastId, mayStill, onError } = options
  const body = new Readable({ read: () => undefined, highWaterMark: 64 * 1024 })
  const news = followNews(options)
  let beats = 0
  let looking = false
  let ended = false

  const end = () => {
    clearInterval(timer)
    if (!ended) body.push(null)
    ended = true
  }
  const write = (text: string) => {
    if (ended) return
    body.push(text)
    if (body.readableLength > waitingBytes) body.destroy()
  }
  async function look(): Promise<void> {
    beats += 1
    if (beats % (checkMs / pollMs) === 0 && !(await mayStill())) return end()
    const { entries, more } = await news.next()
    for (const entry of entries) write(eventOf(entryAnswer(entry)))
    if (more) write('event: skipped\ndata: {"detail":"More happened than is shown here. Read the list."}\n\n')
    if (beats % (heartbeatMs / pollMs) === 0) write(': here\n\n')
  }
  const timer = setInterval(() => {
    // A store that is slow is not asked twice at once.
    if (looking) return
    looking = true
    look()
      .catch(onError)
      .finally(() => {
        looking = false
      })
  }, pollMs)
  body.once('close', () => {
    ended = true
    clearInterval(timer)
  })
  // At once, so that the reader knows that it stands. He comes again after three seconds.
  write(
    `retry: 3000\n: ${lastId === undefined ? 'from now' : 'resumed'} ${new Date(now()).toISOString()}\n\n`,
  )
  return { body, end }
}

function eventOf(entry: EntryAnswer): string {
  return `id: ${entry.requestId}\nevent: activity\ndata: ${JSON.stringify(entry)}\n\n`
}

interface News {
  /** What is new since the last time, oldest first. */
  next: () => Promise<{ entries: ActivityEntry[]; more: boolean }>
}

function followNews({ store, now, filter, lastId }: StreamOptions): News {
  const seen = new Map<string, number>()
  const beganMs = now()
  // What was on its way when the stream began belongs to it; what was answered before does not.
  let fromMs =
    lastId === undefined ? beganMs - lookBackMs : Math.max(beganAt(lastId) - resumeBackMs, beganMs - resumeMs)
  if (lastId !== undefined) seen.set(lastId, beganAt(lastId))
  return {
    async next() {
      const found = await store.page(
        { ...filter, fromMs: Math.max(fromMs, filter.fromMs ?? 0) },
        { limit: entriesPerLook, belowId: undefined },
      )
      const page = found.slice(0, entriesPerLook)
      const fresh = page.filter(({ id, at }) => !seen.has(id) && (lastId !== undefined || at >= beganMs))
      for (const { id } of page) seen.set(id, beganAt(id))
      fromMs = Math.max(fromMs, now() - lookBackMs)
      for (const [id, beganMs] of seen) if (beganMs < fromMs) seen.delete(id)
      return { entries: fresh.reverse(), more: found.length > entriesPerLook && fresh.length === page.length }
    },
  }
}
