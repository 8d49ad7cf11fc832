// What a mail says stays what it is: names that people chose bring no markup, no header and no receiver along.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../testing/process.ts'
import { until } from '../testing/until.ts'
import { createIds } from '../vocabulary/clock.ts'
import { demandsTls, openMailer } from './mail.ts'
import { toHtml } from './mail-html.ts'
import { createMailTexts } from './mails.ts'

const newId = createIds(Date.now)
const from = 'Latchkey <no-reply@api.example>'
const invitation = createMailTexts('https://api.example').invitation('ada@acme.example', {
  accountName: `<img src="https://evil.example/x"> & 'Söhne'`,
  invitedBy: '<b>Grace</b>',
  token: 'canary-token',
})

test('as HTML names are text, and the link alone is one', () => {
  const html = toHtml(invitation.text)
  assert.doesNotMatch(html, /<(img|b)\b/)
  assert.ok(html.includes('&lt;b&gt;Grace&lt;/b&gt;'))
  assert.deepEqual(html.match(/href="[^"]*"/g), ['href="https://api.example/invitation#token=canary-token"'])
})

test('as a file a mail is read as it is, and a name begins no header', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-mail-'))
  const warned: object[] = []
  const mailer = openMailer({ smtpUrl: undefined, from, dataDir, newId, warn: (facts) => warned.push(facts) })
  mailer.send({ ...invitation, subject: 'Join Söhne\r\nBcc: eve@evil.example\n\nbody' })
  await mailer.close()
  const folder = join(dataDir, 'mail')
  const [file = ''] = readdirSync(folder)
  const [head = '', ...text] = readFileSync(join(folder, file), 'utf8').split('\n\n')
  assert.match(head, /^Subject: Join Söhne Bcc: eve@evil\.example body$/m)
  assert.doesNotMatch(head, /^Bcc/m)
  assert.match(text.join('\n\n'), /^https:\/\/api\.example\/invitation#token=canary-token$/m)
  assert.deepEqual(warned, [])
  rmSync(dataDir, { recursive: true })
})

test('a mail that nobody takes is given up, and the log hears neither of whom nor of what', async () => {
  const port = await freePort()
  const told: string[] = []
  const mailer = openMailer({
    ...{ smtpUrl: `smtp://127.0.0.1:${port}`, from, dataDir: '/nonexistent', newId, retryAfterMs: [1, 1] },
    warn: (facts, text) => told.push(`${JSON.stringify(facts)} ${text}`),
  })
  mailer.send(invitation)
  await until(() => (told.some((line) => /given up/.test(line)) ? true : undefined), 'giving up')
  assert.equal(told.length, 3)
  assert.doesNotMatch(told.join(), /ada@|canary|Grace|Söhne/)
  await mailer.close()
})

test('a stop does not wait for the pause after a failure', async () => {
  const port = await freePort()
  const told: string[] = []
  const mailer = openMailer({
    ...{ smtpUrl: `smtp://127.0.0.1:${port}`, from, dataDir: '/nonexistent', newId },
    retryAfterMs: [3_600_000],
    warn: (_facts, text) => told.push(text),
  })
  mailer.send(invitation)
  await until(() => (told.length > 0 ? true : undefined), 'failed attempt')
  await mailer.close()
  assert.match(told.at(-1) ?? '', /given up/)
})

test('a mail that cannot be prepared is told to the log by its code alone', async () => {
  const told: object[] = []
  const mailer = openMailer({
    ...{ smtpUrl: undefined, from, dataDir: '/nonexistent', newId },
    warn: (facts) => told.push(facts),
  })
  mailer.sendLater(async () => {
    throw Object.assign(new Error('ada@acme.example is not there'), { code: '57P01' })
  })
  await mailer.close()
  assert.deepEqual(told, [{ code: '57P01' }])
})

for (const [url, demanded] of [
  ['smtp://user:secret@mail.example', true],
  ['smtp://user:secret@mail.example?requireTLS=false', false],
  ['smtp://user:secret@127.0.0.1:2525', false],
  ['smtp://user:secret@[::1]:2525', false],
  ['smtp://127.0.0.1.evil.example', false],
  ['smtp://user:secret@127.0.0.1.evil.example', true],
  ['smtp://relay.internal', false],
] as const)
  test(`${url.replace('secret', '…')} ${demanded ? 'demands' : 'does without'} encryption`, () => {
    assert.equal(demandsTls(url), demanded)
  })

test('a password is not sent to a server that offers no encryption', async () => {
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.write('220 mail ESMTP\r\n')
    socket.on('error', () => undefined)
    socket.setEncoding('utf8').on('data', (line: string) => {
      heard.push(line)
      socket.write(/^EHLO/i.test(line) ? '250-mail\r\n250 AUTH PLAIN LOGIN\r\n' : '502 no\r\n')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const told: string[] = []
  const mailer = openMailer({
    // A name of this machine that is not one of those that may do without.
    ...{ smtpUrl: `smtp://user:secret@127.1:${port}`, from, dataDir: '/nonexistent', newId },
    ...{ retryAfterMs: [], warn: (_facts: object, text: string) => told.push(text) },
  })
  mailer.send(invitation)
  await until(() => (told.length > 0 ? true : undefined), 'refusal')
  await mailer.close()
  assert.match(heard.join(''), /EHLO/)
  assert.doesNotMatch(heard.join(''), /AUTH/)
  server.close()
})
