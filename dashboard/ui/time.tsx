// Times: relative with the exact one on hover, local or UTC as the reader chose, always machine-readable.
import { Tooltip } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import * as words from '../words/index.ts'
import { language } from '../words/index.ts'

export type TimeZone = 'local' | 'utc'

/** Which times the reader wants to see. */
export function useTimeZone(): [TimeZone, (zone: TimeZone) => void] {
  const [zone, setZone] = useLocalStorage<TimeZone>({ key: 'latchkey-times', defaultValue: 'local' })
  return [zone === 'utc' ? 'utc' : 'local', setZone]
}

/** Day and time to the second, with the name of the zone. */
export function exactTime(iso: string, zone: TimeZone): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'long',
    ...(zone === 'utc' && { timeZone: 'UTC' }),
  }).format(new Date(iso))
}

/** The time of the day alone, for a moment that was just now. */
export function clockTime(ms: number, zone: TimeZone): string {
  return new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(zone === 'utc' && { timeZone: 'UTC', timeZoneName: 'short' }),
  }).format(ms)
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

/** How long ago, or how long until. */
export function relativeTime(iso: string, nowMs: number): string {
  const seconds = Math.round((Date.parse(iso) - nowMs) / 1000)
  if (Math.abs(seconds) < 5) return words.ui.relative.now
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(seconds / size), unit)
}

/** The present, looked at again every ten seconds. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 10_000)
    return () => window.clearInterval(timer)
  }, [])
  return now
}

/** A moment. `how`: relative in lists, exact where the moment itself matters. */
export function Time({ iso, how = 'relative' }: { iso: string; how?: 'relative' | 'exact' }) {
  const [zone] = useTimeZone()
  const now = useNow()
  const exact = exactTime(iso, zone)
  const shown = how === 'exact' ? exact : relativeTime(iso, now)
  const other = exactTime(iso, zone === 'utc' ? 'local' : 'utc')
  return (
    <Tooltip label={how === 'exact' ? other : `${exact} · ${other}`}>
      <time dateTime={iso}>{shown}</time>
    </Tooltip>
  )
}
