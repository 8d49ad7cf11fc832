// `node server/main.ts`, or with the word start: reads the settings, opens the database, listens, stops gracefully. With other words: a command.
import { hasOperators } from './accounts/store.ts'
import { type App, createApp } from './app.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { storageFailure } from './database/failures.ts'
import { type OpenDatabase, openDatabase } from './database/open.ts'
import { StorageError } from './database/sqlite.ts'
import { applySetup } from './setup/apply.ts'
import { changeMasterKey } from './setup/change-master-key.ts'
import { parseDeclaredSetup, readSetupFile, SetupError } from './setup/declared-setup.ts'
import { makeDemo } from './setup/demo.ts'
import { greeting } from './setup/greeting.ts'
import { openMasterVault } from './setup/master-vault.ts'
import { stopOnSignals } from './setup/stop.ts'
import { UsageError } from './setup/usage-error.ts'
import { SigningProcessError } from './signing/key-folder.ts'
import { SignerAway } from './signing/unix-signer.ts'
import { VaultError } from './vault.ts'
import { createIds } from './vocabulary/clock.ts'

/** Exit codes: 0 stopped as asked, 1 a fault, 2 settings or set-up to be mended, 3 the data cannot be opened. */
const exitCodes = { config: 2, storage: 3 }

async function start(): Promise<void> {
  const config = readConfig()
  const newId = createIds(Date.now)
  const setup =
    config.applyFile === undefined
      ? undefined
      : parseDeclaredSetup(readSetupFile(config.applyFile, 'LATCHKEY_APPLY'))
  const onError = (error: Error) => process.stderr.write(`database: ${error.message}\n`)
  const database = await openDatabase({ ...config, now: Date.now, onError })
  try {
    const vault = await openMasterVault(config, database.db, true)
    if (config.previousMasterKey) await changeMasterKey(database.db, vault, newId, Date.now())
    const app = await createApp({ config, database, vault, now: Date.now, newId })
    await prepare(config, setup, database, app, newId)
  } catch (error) {
    await database.close()
    throw error
  }
}

async function prepare(
  config: Config,
  setup: ReturnType<typeof parseDeclaredSetup> | undefined,
  database: OpenDatabase,
  app: App,
  newId: ReturnType<typeof createIds>,
): Promise<void> {
  const { db } = database
  if (setup) {
    await applySetup(db, setup, { pepper: app.pepper, nowMs: Date.now(), newId })
    await app.catalogue.reload()
    // A client that publishes its keys is served from its first request on.
    await app.publishedKeys.refreshDue()
  }
  const mayDemo = config.loopback && !config.production && !setup
  const demoFile = mayDemo
    ? await makeDemo({
        db,
        pepper: app.pepper,
        dataDir: config.dataDir,
        publicUrl: config.publicUrl,
        nowMs: Date.now(),
        newId,
      })
    : undefined
  await app.server.listen({ host: config.host, port: config.port })
  app.background.start()
  if (!config.production) process.stdout.write(greeting(config, demoFile, await hasOperators(db)))
  stopOnSignals(app, database)
}

/** What stops a start or a command, in sentences; a stack trace only for a fault of ours. */
function explain(error: unknown, isStart: boolean): number {
  const heading = isStart ? 'Latchkey did not start' : 'The command cannot be done'
  const say = (title: string, lines: readonly string[]) =>
    process.stderr.write(`${title}\n${lines.map((line) => `  - ${line}\n`).join('')}`)
  if (error instanceof ConfigError) say(`${heading}. Mend these settings:`, error.errors)
  else if (error instanceof SetupError)
    say(`${heading}. The declared set-up cannot be applied, nothing was changed:`, error.errors)
  else if (error instanceof UsageError) process.stderr.write(`${error.message}\n`)
  else if (error instanceof SignerAway)
    say(`${heading}:`, [
      `The signing process that LATCHKEY_SIGNER names does not answer (${error.reason}). Start it first.`,
    ])
  else if (
    error instanceof StorageError ||
    error instanceof VaultError ||
    error instanceof SigningProcessError
  )
    say(`${heading}:`, [error.message])
  else if (storageFailure(error) === 'away')
    say(`${heading}:`, [
      'The database cannot be reached. Check LATCHKEY_DATABASE_URL, and that PostgreSQL accepts connections.',
    ])
  else if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    say(`${heading}:`, ['The port is taken by another program. Set LATCHKEY_PORT to a free one.'])
  else {
    process.stderr.write(`${heading}: ${error instanceof Error ? error.stack : String(error)}\n`)
    return 1
  }
  const mended = [ConfigError, SetupError, UsageError].some((kind) => error instanceof kind)
  return mended ? exitCodes.config : exitCodes.storage
}

function isStart(words: readonly string[]): boolean {
  return words.length === 0 || (words.length === 1 && words[0] === 'start')
}

async function run(words: string[]): Promise<void> {
  if (isStart(words)) return start()
  // The server itself does not carry what only commands need.
  const { operate } = await import('./setup/operator-commands.ts')
  const { text, exitCode } = await operate(words)
  process.stdout.write(text)
  process.exitCode = exitCode ?? 0
}

const words = process.argv.slice(2)

run(words).catch((error: unknown) => {
  process.exitCode = explain(error, isStart(words))
  // A worker or a pool that is still open must not keep a failed start alive.
  process.exit()
})
