// Ours: the three lines of the README.
import { createClient } from '@latchkey/client'
import { takePart } from './take-part.ts'

const latchkey = createClient()

takePart({
  call: async (url, signal) => (await latchkey.fetch(url, signal ? { signal } : {})).status,
})
