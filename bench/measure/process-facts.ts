// What Linux knows of a process; elsewhere undefined, and the table shows a dash.
import { readFileSync } from 'node:fs'

/** Milliseconds of a jiffy: the unit of /proc/*\/stat is 1/100 s on every Linux that Node runs on. */
export const jiffyMs = 10

export function rssBytes(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

/** Processor time of all threads so far, in user and kernel. */
export function cpuMs(pid: number): number | undefined {
  // The name in parentheses may hold spaces; utime and stime are the 12th and 13th field after it.
  const fields = read(`/proc/${pid}/stat`)?.split(') ')[1]?.split(' ')
  return fields && (Number(fields[11]) + Number(fields[12])) * jiffyMs
}

export function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
