// Our server as `server/main.ts` starts it, but that it records no activity: what recording costs is the difference.
import { readFileSync } from 'node:fs'
import { createApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { openDatabase } from '../../server/database/open.ts'
import { applySetup } from '../../server/setup/apply.ts'
import { parseDeclaredSetup } from '../../server/setup/declared-setup.ts'
import { openMasterVault } from '../../server/setup/master-vault.ts'
import { stopOnSignals } from '../../server/setup/stop.ts'
import { createIds } from '../../server/vocabulary/clock.ts'

const config = readConfig()
const newId = createIds(Date.now)
const onError = (error: Error) => process.stderr.write(`database: ${error.message}\n`)
const database = await openDatabase({ ...config, now: Date.now, onError })
const vault = await openMasterVault(config, database.db, true)
const app = await createApp({ config, database, vault, now: Date.now, newId, recording: false })
const setup = parseDeclaredSetup(readFileSync(config.applyFile ?? '', 'utf8'))
await applySetup(database.db, setup, { pepper: app.pepper, nowMs: Date.now(), newId })
await app.catalogue.reload()
await app.server.listen({ host: config.host, port: config.port })
app.background.start()
stopOnSignals(app, database)
