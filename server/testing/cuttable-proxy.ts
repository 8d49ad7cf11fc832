// A TCP proxy in front of a real server, whose cable the test can pull.
import { connect, createServer, type Socket } from 'node:net'

export interface CuttableProxy {
  port: number
  /** Ends every connection and refuses new ones. */
  cut: () => void
  /** Takes connections again. */
  mend: () => void
  close: () => Promise<void>
}

export async function openCuttableProxy(target: { host: string; port: number }): Promise<CuttableProxy> {
  const open = new Set<Socket>()
  let isCut = false
  const server = createServer((caller) => {
    if (isCut) return void caller.destroy()
    const callee = connect(target.port, target.host)
    for (const [one, other] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      open.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut() {
      isCut = true
      for (const socket of open) socket.destroy()
    },
    mend() {
      isCut = false
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
