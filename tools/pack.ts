// `npm run pack`: the packages that people install, as archives in packages/. `npm pack -w client` makes one of them.
import { mkdirSync } from 'node:fs'
import { packWorkspace } from './pack-workspace.ts'

const folder = 'packages'
mkdirSync(folder, { recursive: true })
for (const workspace of ['client', 'guard'])
  process.stdout.write(`${packWorkspace('.', workspace, folder)}\n`)
