// What the doctor finds, on what is well and on what is not.
import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { readConfig } from '../config.ts'
import { lookAtDatabase } from '../database/look.ts'
import { testDialects } from '../testing/database.ts'
import { listenLocally } from '../testing/listen.ts'
import { makeCertificate } from '../testing/make-certificate.ts'
import { makeFolder, runCommand } from '../testing/process.ts'
import { createWorld, type World } from '../testing/world.ts'
import { checkAddress } from './doctor/check-address.ts'
import { checkClock, judgeDifference } from './doctor/check-clock.ts'
import { checkKeys } from './doctor/check-keys.ts'
import { checkMail } from './doctor/check-mail.ts'
import type { Finding, Patient } from './doctor/finding.ts'

interface Told {
  well: boolean
  findings: Finding[]
}

function settingsOf(world: World): Record<string, string> {
  return {
    LATCHKEY_MASTER_KEY: world.masterKey.toString('hex'),
    LATCHKEY_PUBLIC_URL: world.url,
    ...(world.databaseUrl !== undefined && { LATCHKEY_DATABASE_URL: world.databaseUrl }),
  }
}

async function patientOf(world: World, more: Record<string, string> = {}): Promise<Patient> {
  const config = readConfig({ ...settingsOf(world), LATCHKEY_DATA_DIR: world.dataDir, ...more })
  const database = await lookAtDatabase({ ...config, onError: () => undefined })
  return { config, database, isMigrated: true }
}

for (const dialect of testDialects) {
  test(`${dialect}: of a server that is well the doctor finds nothing, and changes nothing`, async () => {
    const world = await createWorld({ dialect, realTime: true })
    await world.listen()
    chmodSync(world.dataDir, 0o700)
    const { code, output } = await runCommand(world.dataDir, ['doctor', '--json'], settingsOf(world))
    const { well, findings }: Told = JSON.parse(output)
    assert.deepEqual([code, well], [0, true], output)
    assert.deepEqual(
      findings.filter(({ state }) => state !== 'ok'),
      [],
    )
    assert.deepEqual(
      [...new Set(findings.map(({ check }) => check))],
      [
        'database',
        'migrations',
        'clock',
        'master key',
        'signing key',
        'address',
        'deployment',
        'disk',
        'mail',
      ],
    )
    await world.close()
  })

  test(`${dialect}: a clock that is behind what was written, another master key and an old signing key are found`, async () => {
    const world = await createWorld({ dialect, realTime: true })
    const { db } = world.database
    const patient = await patientOf(world, { LATCHKEY_MASTER_KEY: 'f'.repeat(64) })
    const day = 86_400_000
    await db
      .updateTable('signing_key')
      .set({ active_from: Date.now() - 100 * day })
      .execute()
    await db
      .updateTable('audit')
      .set({ at: Date.now() + 60_000 })
      .execute()
    const found = [...(await checkClock(patient)), ...(await checkKeys(patient))].filter(
      ({ state }) => state !== 'ok',
    )
    assert.deepEqual(
      found.map(({ check, state }) => `${check} ${state}`),
      ['clock failure', 'master key failure', 'signing key warning'],
    )
    assert.match(found[0]?.text ?? '', /behind the newest entry/)
    await db.updateTable('signing_key').set({ removed_from: 1 }).execute()
    assert.match((await checkKeys(patient)).at(-1)?.text ?? '', /None signs at this moment/)
    await patient.database?.close()
    await world.close()
  })
}

test('clocks may differ by two seconds; by thirty good tokens are refused', () => {
  for (const [ms, state] of [
    [1500, 'ok'],
    [-1500, 'ok'],
    [5000, 'warning'],
    [-31_000, 'failure'],
  ] as const)
    assert.equal(judgeDifference('another', ms).state, state)
})

test('what answers at the public address is told from this deployment: another issuer, another database, nobody', async () => {
  const [world, other] = [await createWorld({ realTime: true }), await createWorld({ realTime: true })]
  await other.listen()
  const confused = await patientOf(world, { LATCHKEY_PUBLIC_URL: other.url })
  assert.match((await checkAddress(confused)).at(-1)?.text ?? '', /publishes other keys than this database/)
  const stranger = createServer((_request, response) => response.end('{"issuer":"https://evil.example"}'))
  const strange = await patientOf(world, {
    LATCHKEY_PUBLIC_URL: `http://127.0.0.1:${await listenLocally(stranger)}`,
  })
  const [found] = await checkAddress(strange)
  assert.deepEqual(
    [found?.state, /calls itself https:\/\/evil\.example/.test(found?.text ?? '')],
    ['failure', true],
  )
  stranger.close()
  const alone = await checkAddress(await patientOf(world))
  assert.deepEqual(
    alone.map(({ state }) => state),
    ['warning'],
    'the server does not run',
  )
  for (const patient of [confused, strange]) await patient.database?.close()
  await world.close()
  await other.close()
})

test('a certificate that nobody vouches for is a failure', async () => {
  const { pem, keyPem } = makeCertificate({ names: ['DNS:localhost'] })
  const server = createTlsServer({ cert: pem, key: keyPem })
  const port = await listenLocally(server)
  const world = await createWorld()
  const patient = await patientOf(world, { LATCHKEY_PUBLIC_URL: `https://localhost:${port}` })
  const [tls] = await checkAddress(patient)
  assert.deepEqual([tls?.check, tls?.state], ['TLS', 'failure'])
  assert.match(tls?.text ?? '', /SELF_SIGNED|DEPTH_ZERO/)
  server.close()
  await patient.database?.close()
  await world.close()
})

test('a mail server is greeted and signed in to, and no mail is sent', async () => {
  let mails = 0
  const server = new SMTPServer({
    secure: false,
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, callback) =>
      callback(password === 'right' ? null : new Error('no'), { user: 'somebody' }),
    onData: (stream, _session, callback) => {
      mails += 1
      stream.resume()
      stream.on('end', callback)
    },
  })
  const port = await listenLocally(server.server)
  const world = await createWorld()
  const greet = async (password: string, at = port) => {
    const mail = {
      LATCHKEY_SMTP_URL: `smtp://somebody:${password}@127.0.0.1:${at}`,
      LATCHKEY_MAIL_FROM: 'a@b.example',
    }
    const patient = await patientOf(world, mail)
    await patient.database?.close()
    return checkMail(patient)
  }
  assert.deepEqual(
    (await greet('right')).map(({ state }) => state),
    ['ok'],
  )
  const [refused] = await greet('canary')
  assert.deepEqual([refused?.state, JSON.stringify(refused).includes('canary')], ['failure', false])
  assert.deepEqual(
    (await greet('right', 1)).map(({ state }) => state),
    ['failure'],
  )
  assert.equal(mails, 0)
  server.close()
  await world.close()
})

test('without a database the doctor says so, and makes none; without good settings it says which', async () => {
  const folder = makeFolder()
  const fresh = await runCommand(folder.path, ['doctor'])
  assert.equal(fresh.code, 0, fresh.output)
  assert.match(fresh.output, /warning {2}database +There is none in/)
  const again: Told = JSON.parse((await runCommand(folder.path, ['doctor', '--json'])).output)
  assert.match(again.findings[0]?.text ?? '', /There is none/)
  const wrong = await runCommand(folder.path, ['doctor'], { LATCHKEY_PORT: 'many' })
  assert.equal(wrong.code, 1)
  assert.match(wrong.output, /failure {2}settings {2}LATCHKEY_PORT is "many"/)
  const away = await runCommand(folder.path, ['doctor'], {
    ...{
      LATCHKEY_DATABASE_URL: 'postgres://somebody:canary@127.0.0.1:1/x',
      LATCHKEY_MASTER_KEY: 'k'.repeat(43),
    },
  })
  assert.equal(away.code, 1)
  assert.match(away.output, /failure {2}database {2}It cannot be reached \(ECONNREFUSED\)/)
  assert.doesNotMatch(away.output, /canary/)
  folder.remove()
})
