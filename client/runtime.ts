/** What the SDK takes from the machine. Tests hand in their own, so that nothing waits. */
export interface Runtime {
  /** The wall clock in milliseconds. It jumps, and runs on while a laptop sleeps. */
  now: () => number
  /** Milliseconds since some moment. It never jumps, and may stand still during sleep. */
  monotonicNow: () => number
  /** From 0 up to 1. */
  random: () => number
  /** Rejects with the signal's reason as soon as it aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  variables: () => Variables
  readFile: (path: string) => Promise<string>
  /** The same at once, for settings. */
  readFileNow: (path: string) => string
  windows: boolean
}

/** Environment variables by their names. */
export type Variables = Readonly<Record<string, string | undefined>>

export const systemRuntime: Runtime = {
  now: Date.now,
  monotonicNow: () => performance.now(),
  random: Math.random,
  sleep,
  // Not every runtime has a process.
  variables: () => (typeof process === 'undefined' ? {} : process.env),
  // Loaded when a file is named, so that runtimes without files can load this module.
  readFile: async (path) => (await import('node:fs/promises')).readFile(path, 'utf8'),
  readFileNow: (path) => process.getBuiltinModule('node:fs').readFileSync(path, 'utf8'),
  windows: typeof process !== 'undefined' && process.platform === 'win32',
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
}
