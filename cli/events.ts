// Reads server-sent events (HTML Living Standard, 9.2.6) from an answer that goes on.

export interface ServerEvent {
  event: string
  data: string
  id: string | undefined
}

/** The events of an answer, as they come, until it ends. */
export async function* readEvents(response: Response): AsyncGenerator<ServerEvent> {
  if (!response.body) return
  let rest = ''
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = readBlock(block)
      if (event) yield event
    }
  }
}

/** Undefined for a comment, which keeps the line open. */
function readBlock(block: string): ServerEvent | undefined {
  const found: ServerEvent = { event: 'message', data: '', id: undefined }
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    const [, name, value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? []
    if (name === 'event') found.event = value
    if (name === 'data') data.push(value)
    if (name === 'id') found.id = value
  }
  return data.length === 0 ? undefined : { ...found, data: data.join('\n') }
}
