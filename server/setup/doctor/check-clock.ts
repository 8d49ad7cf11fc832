import { databaseClock } from '../../database/look.ts'
import type { Database } from '../../database/tables.ts'
import { type Check, type Finding, failure, ok, warning } from './finding.ts'

/** Guards allow for so much (RFC 9068 leaves it to them): beyond it good tokens are refused. */
const mostMs = 30_000
const noticeMs = 2_000
const setTheClock = 'Let NTP set the clocks of all machines.'

export const checkClock: Check = async ({ database, isMigrated }) => {
  if (!database) return []
  const before = Date.now()
  const theirs = await databaseClock(database)
  const ours = (before + Date.now()) / 2
  const findings = theirs === undefined ? [] : [judgeDifference("the database's", theirs - ours)]
  const newest = isMigrated ? await newestEntry(database.db) : undefined
  const isBehind = newest !== undefined && newest > Date.now() + noticeMs
  if (isBehind)
    findings.push(
      failure(
        'clock',
        `It is ${secondsText(newest - Date.now())} behind the newest entry of the audit trail.`,
        setTheClock,
      ),
    )
  else if (findings.length === 0) findings.push(ok('clock', 'It is not behind what was written last.'))
  return findings
}

/** @param differenceMs how much the other clock is ahead. */
export function judgeDifference(whose: string, differenceMs: number): Finding {
  const text = `It differs from ${whose} by ${secondsText(Math.abs(differenceMs))}.`
  if (Math.abs(differenceMs) > mostMs) return failure('clock', text, setTheClock)
  return Math.abs(differenceMs) > noticeMs ? warning('clock', text, setTheClock) : ok('clock', text)
}

async function newestEntry(db: Database): Promise<number | undefined> {
  const row = await db.selectFrom('audit').select('at').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return row?.at
}

function secondsText(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}
