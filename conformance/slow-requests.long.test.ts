// Time limits of a connection, measured on the clock.
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { requirement } from './requirement.ts'

/** What the server may take beyond its limit. */
const slackMs = 3000

// Our choice: whoever does not finish its headers in 10 s holds no connection.
requirement(17, 'headers that are not finished in 10 s close the connection', async (target) => {
  const { hostname, port, host, pathname, protocol } = new URL(target.tokenEndpoint)
  const socket = connect({ host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) })
  const openedAt = performance.now()
  socket.write(`POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\n`)
  // A byte now and then: the connection is not idle, only slow.
  const drip = setInterval(() => socket.write('X'), 1000)
  await new Promise<void>((resolve) => {
    socket.on('error', () => undefined)
    socket.once('close', () => resolve())
    socket.resume()
  })
  clearInterval(drip)
  const seconds = (performance.now() - openedAt) / 1000
  assert.ok(seconds >= 9, `it was closed after ${seconds.toFixed(1)} s, too early`)
  assert.ok(seconds <= 10 + slackMs / 1000, `it was closed after ${seconds.toFixed(1)} s, too late`)
})
