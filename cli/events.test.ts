import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvents } from './events.ts'

const text = 'event: activity\nid: one\ndata: {"a":\ndata: "é"}\n\n: here\n\ndata: bare\r\n\r\nevent: cut'

test('events are read whatever the pieces are in which they come; comments and what is cut off are none', async () => {
  const bytes = new TextEncoder().encode(text)
  for (const size of [1, 2, 7, bytes.length]) {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
        controller.close()
      },
    })
    const events = await Array.fromAsync(readEvents(new Response(body)))
    assert.deepEqual(events, [
      { event: 'activity', data: '{"a":\n"é"}', id: 'one' },
      { event: 'message', data: 'bare', id: undefined },
    ])
  }
})
