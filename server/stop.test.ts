import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { makeFolder, startReady } from './testing/process.ts'
import { basic } from './testing/world.ts'

test('SIGTERM: an open request is finished, new connections are refused, and it exits with 0', async () => {
  const folder = makeFolder()
  const server = await startReady(folder.path)
  const { port } = new URL(server.url)
  const body = 'grant_type=client_credentials&scope=event'
  const socket = connect(Number(port), '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text
  })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  // The head is sent and half of the body: the request is under way when the signal comes.
  socket.write(
    `POST /oauth/connect/token HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${basic(folder.demo())}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
  )
  await fetch(`${server.url}/livez`)
  server.child.kill('SIGTERM')
  while (
    await fetch(`${server.url}/livez`, { headers: { connection: 'close' } }).then(
      () => true,
      () => false,
    )
  )
    await new Promise((resolve) => setTimeout(resolve, 5))
  socket.write(body.slice(10))
  await closed
  assert.match(answer, /^HTTP\/1\.1 200 OK/)
  assert.match(answer, /"access_token"/)
  assert.equal(await server.exited, 0)
  folder.remove()
})

test('a second signal ends it at once', async () => {
  const folder = makeFolder()
  const server = await startReady(folder.path)
  const { port } = new URL(server.url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(
    `POST /oauth/connect/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\n\r\nab`,
  )
  await fetch(`${server.url}/livez`)
  server.child.kill('SIGTERM')
  while (
    await fetch(`${server.url}/livez`, { headers: { connection: 'close' } }).then(
      () => true,
      () => false,
    )
  )
    await new Promise((resolve) => setTimeout(resolve, 5))
  server.child.kill('SIGTERM')
  assert.equal(await server.exited, 1)
  folder.remove()
})
