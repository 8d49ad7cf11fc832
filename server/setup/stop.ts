import type { App } from '../app.ts'
import type { OpenDatabase } from '../database/open.ts'

/** How long open requests may take to finish. */
const drainMs = 20_000

/**
 * SIGTERM and SIGINT: not ready, no new connections, open requests finish within 20 s, what waits is
 * written, exit 0. A second signal ends it at once.
 */
export function stopOnSignals(app: App, database: OpenDatabase): void {
  let stopping = false
  const stop = async () => {
    if (stopping) process.exit(1)
    stopping = true
    app.stopTakingRequests()
    const timer = setTimeout(() => app.server.server.closeAllConnections(), drainMs)
    // A connection that was busy at the signal would else stay open, idle, until its keep-alive ends.
    const idle = setInterval(() => app.server.server.closeIdleConnections(), 50)
    await app.close()
    clearTimeout(timer)
    clearInterval(idle)
    await database.close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop().catch((error: unknown) => {
        process.stderr.write(`The stop failed: ${String(error)}\n`)
        process.exit(1)
      })
    })
  }
}
