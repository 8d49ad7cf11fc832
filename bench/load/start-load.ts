import { fileURLToPath } from 'node:url'
import { spawnPinned } from '../servers/pinned.ts'
import type { LoadOrder, LoadResult } from './order.ts'

/** The load process, one for the whole run: it is warm from the second round on. */
export interface Load {
  run: (order: LoadOrder) => Promise<LoadResult>
  stop: () => void
}

export function startLoad(core: number): Load {
  const child = spawnPinned(core, [fileURLToPath(new URL('./load-process.ts', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return {
    run: (order) =>
      new Promise((resolve, reject) => {
        const onExit = () => reject(new Error('The load process ended.'))
        child.once('exit', onExit)
        child.once('message', (result: LoadResult) => {
          child.off('exit', onExit)
          resolve(result)
        })
        child.send(order)
      }),
    stop: () => {
      child.kill()
    },
  }
}
