// Messages on a stream: four bytes of length, then that much JSON.
import type { Duplex } from 'node:stream'

/** A message is never longer: a longer length means that something else speaks there. */
const limitBytes = 64 * 1024

export function writeFrame(stream: Duplex, message: object): void {
  const body = Buffer.from(JSON.stringify(message))
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  stream.write(Buffer.concat([head, body]))
}

/**
 * Reads messages as they come, however they are cut.
 * What is no message ends the stream with an error.
 */
export function readFrames(stream: Duplex, onMessage: (message: unknown) => void): void {
  let waiting: Buffer = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk])
    while (waiting.length >= 4) {
      const length = waiting.readUInt32BE(0)
      if (length > limitBytes) return void stream.destroy(new Error('A message is too long.'))
      if (waiting.length < 4 + length) return
      const body = waiting.subarray(4, 4 + length)
      waiting = waiting.subarray(4 + length)
      try {
        onMessage(JSON.parse(body.toString('utf8')))
      } catch {
        return void stream.destroy(new Error('A message is not JSON, or not one of ours.'))
      }
    }
  })
}
