import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { canPin } from '../servers/pinned.ts'
import { jiffyMs, read } from './process-facts.ts'

/** Where a result was measured; nothing that names the machine. */
export function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()}`,
    node: process.version,
    openssl: process.versions.openssl,
    pinned: canPin,
  }
}

/** A moment of the machine, to be set against a later one; in jiffies of all cores together. */
export interface MachineMoment {
  total: number
  busy: number
  steal: number
  /** What one core has worked, for whomever. */
  coreBusyMs: number[]
}

/** undefined where there is no /proc/stat. */
export function readMachine(): MachineMoment | undefined {
  const lines = read('/proc/stat')
    ?.split('\n')
    .filter((line) => line.startsWith('cpu'))
    .map((line) => line.split(/ +/).slice(1, 9).map(Number))
  const [all, ...cores] = lines ?? []
  if (!all) return undefined
  return {
    total: all.reduce((sum, value) => sum + value, 0),
    busy: busyOf(all),
    steal: all[7] ?? 0,
    coreBusyMs: cores.map((core) => busyOf(core) * jiffyMs),
  }
}

/** Everything but idle, waiting for a disk and steal. */
function busyOf([user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0]: number[]): number {
  return user + nice + system + irq + softirq
}

/** Percent of the machine's time that its host gave to others. */
export function stealPercent(from: MachineMoment | undefined, to: MachineMoment | undefined) {
  if (!from || !to || to.total === from.total) return undefined
  return (100 * (to.steal - from.steal)) / (to.total - from.total)
}

export function loadAverage(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100
}
