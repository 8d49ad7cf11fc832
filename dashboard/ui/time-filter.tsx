// From when until when: a span up to now, or two moments. In the address moments are in UTC: a link means the same everywhere.
import { NativeSelect, TextInput } from '@mantine/core'
import { type Search, useSearch } from '../routing.ts'
import * as words from '../words/index.ts'
import { type TimeZone, useTimeZone } from './time.tsx'

const minuteMs = 60_000
const spans: Readonly<Record<string, number>> = {
  '15m': 15 * minuteMs,
  '1h': 60 * minuteMs,
  '24h': 1440 * minuteMs,
  '7d': 7 * 1440 * minuteMs,
}
const between = 'between'

/** The names in the address, for who clears all filters. */
export const timeFilterNames = ['time', 'from', 'to'] as const

/** What the address says of the time; nothing of what is none. */
export function timeWishOf(search: Search): { time?: string; from?: string; to?: string } {
  const { time = '' } = search
  if (time in spans) return { time }
  if (time !== between) return {}
  const moments = (['from', 'to'] as const).flatMap((name) => {
    const ms = Date.parse(search[name] ?? '')
    return Number.isNaN(ms) ? [] : [[name, new Date(ms).toISOString()]]
  })
  return { time, ...Object.fromEntries(moments) }
}

/** The moments to ask for: a span ends now. */
export function periodOf(
  { time, from, to }: ReturnType<typeof timeWishOf>,
  nowMs: number,
): { from?: string; to?: string } {
  const spanMs = spans[time ?? '']
  if (spanMs !== undefined) return { from: new Date(nowMs - spanMs).toISOString() }
  return { ...(from && { from }), ...(to && { to }) }
}

const text = words.ui.timeFilter

export function TimeFilter() {
  const [search, setSearch] = useSearch()
  const { time = '' } = timeWishOf(search)
  return (
    <>
      <NativeSelect
        label={text.label}
        value={time}
        onChange={(event) => setSearch({ time: event.currentTarget.value, from: '', to: '' })}
        data={Object.entries(text.spans).map(([value, label]) => ({ value, label }))}
      />
      {time === between && (
        <>
          <Moment name="from" label={text.from} />
          <Moment name="to" label={text.to} />
        </>
      )}
    </>
  )
}

function Moment({ name, label }: { name: 'from' | 'to'; label: string }) {
  const [search, setSearch] = useSearch()
  const [zone] = useTimeZone()
  const type = (value: string) => {
    const ms = Date.parse(zone === 'utc' ? `${value}Z` : value)
    setSearch({ [name]: Number.isNaN(ms) ? '' : new Date(ms).toISOString() })
  }
  return (
    <TextInput
      // Half a moment is no value: the browser keeps what is typed, the address gets what is whole.
      key={zone}
      type="datetime-local"
      label={zone === 'utc' ? text.inUtc(label) : label}
      defaultValue={fieldValue(timeWishOf(search)[name], zone)}
      onChange={(event) => type(event.currentTarget.value)}
    />
  )
}

/** As browsers want it: without a zone, to the minute. */
function fieldValue(iso: string | undefined, zone: TimeZone): string {
  if (iso === undefined) return ''
  const date = new Date(iso)
  const shiftMs = zone === 'utc' ? 0 : date.getTimezoneOffset() * minuteMs
  return new Date(date.getTime() - shiftMs).toISOString().slice(0, 16)
}
