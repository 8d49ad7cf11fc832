import { Worker } from 'node:worker_threads'
import type { Answered, Asked, Question, ThreadData } from './messages.ts'

/** The thread of the activity files, as the main thread sees it. */
export interface ActivityThread {
  ask: (question: Question) => Promise<unknown>
  isRunning: () => boolean
  close: () => Promise<void>
}

interface Waiting {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

/**
 * It starts with the first question: a server at rest has no thread. When it ends by a fault, what it was asked fails and
 * the next question starts another.
 */
export function openThread(data: ThreadData): ActivityThread {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let closed = false
  let running: Worker | undefined

  function start(): Worker {
    const worker = new Worker(new URL('./activity-thread.ts', import.meta.url), {
      workerData: data,
      // It holds a batch or a page at a time.
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 },
    })
    const end = (error: Error) => {
      if (running !== worker) return
      running = undefined
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    worker.on('message', ({ id, value, failed }: Answered) => {
      const asked = waiting.get(id)
      waiting.delete(id)
      // A process that has nothing else to do does not stay for it.
      if (waiting.size === 0) worker.unref()
      if (failed) asked?.reject(Object.assign(new Error(failed.message), { code: failed.code }))
      else asked?.resolve(value)
    })
    worker.on('error', end)
    worker.on('exit', () => end(new Error('The thread of the activity files has ended.')))
    return worker
  }

  async function ask(question: Question): Promise<unknown> {
    if (closed) throw new Error('The activity files are closed.')
    const worker = running ?? start()
    running = worker
    worker.ref()
    lastId += 1
    const asked: Asked = { id: lastId, question }
    return new Promise((resolve, reject) => {
      waiting.set(asked.id, { resolve, reject })
      worker.postMessage(asked)
    })
  }

  return {
    ask,
    isRunning: () => running !== undefined,
    async close() {
      const worker = running
      if (worker && !closed) {
        const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
        await ask({ kind: 'close' }).catch(() => undefined)
        worker.ref()
        await exited
      }
      closed = true
    },
  }
}
