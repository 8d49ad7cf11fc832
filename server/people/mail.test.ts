// Mail goes out by a real SMTP server, is tried again when it is away, and tells the log nothing.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { freePort } from '../testing/process.ts'
import { until } from '../testing/until.ts'
import { createIds } from '../vocabulary/clock.ts'
import { openMailer } from './mail.ts'

interface Received {
  from: string
  to: string[]
  body: string
  user: string | undefined
}

async function listen(port: number, received: Received[]): Promise<SMTPServer> {
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      password === 'secret' ? done(null, { user: username ?? '' }) : done(new Error('No.')),
    onData(stream, session, done) {
      text(stream).then((body) => {
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        received.push({ from, to: rcptTo.map(({ address }) => address), body, user: session.user })
        done()
      }, done)
    },
  })
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  return server
}

const mail = { to: 'ada@acme.example', subject: 'Confirm', text: 'https://x.example/confirm#token=canary' }

test('a mail is delivered with the user and password of the setting, once the server answers', async () => {
  const port = await freePort()
  const told: object[] = []
  const mailer = openMailer({
    smtpUrl: `smtp://latchkey:secret@127.0.0.1:${port}`,
    from: 'Latchkey <no-reply@api.example>',
    dataDir: '/nonexistent',
    newId: createIds(Date.now),
    warn: (facts) => told.push(facts),
    retryAfterMs: [200, 200, 200, 200, 200],
  })
  assert.equal(mailer.kind, 'smtp')
  mailer.send(mail)
  await until(() => (told.length > 0 ? true : undefined), 'failed attempt')
  const received: Received[] = []
  const server = await listen(port, received)
  const [got] = await until(() => (received.length > 0 ? received : undefined), 'mail')
  assert.deepEqual(
    [got?.from, got?.to, got?.user],
    ['no-reply@api.example', ['ada@acme.example'], 'latchkey'],
  )
  assert.match(got?.body ?? '', /^Subject: Confirm/m)
  assert.match(got?.body.replace(/=\r\n/g, '') ?? '', /confirm#token(=3D|=)canary/)
  assert.doesNotMatch(JSON.stringify(told), /canary|ada@|secret/)
  await mailer.close()
  await new Promise<void>((resolve) => server.close(resolve))
})

test('an address cannot bring another receiver or a header along', async () => {
  const port = await freePort()
  const received: Received[] = []
  const server = await listen(port, received)
  const mailer = openMailer({
    ...{ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'no-reply@api.example', dataDir: '/nonexistent' },
    ...{ newId: createIds(Date.now), warn: () => undefined, retryAfterMs: [] },
  })
  mailer.send({ ...mail, to: 'a@x.example, b@y.example' })
  mailer.send({ ...mail, subject: 'Hi\r\nBcc: c@z.example' })
  mailer.send(mail)
  await until(() => (received.some(({ body }) => /^Subject: Confirm/m.test(body)) ? true : undefined), 'mail')
  await mailer.close()
  const receivers = received.flatMap(({ to }) => to)
  for (const stranger of ['b@y.example', 'c@z.example']) assert.ok(!receivers.includes(stranger), stranger)
  await new Promise<void>((resolve) => server.close(resolve))
})
