// `npm run pack`: the packages that people install, as archives in packages/. It is `npm pack` with the scripts that
// build them: those are off in this repository, so that no dependency runs any.
import { mkdirSync } from 'node:fs'
import { packWorkspace } from './pack-workspace.ts'

const folder = 'packages'
mkdirSync(folder, { recursive: true })
for (const workspace of ['client', 'guard'])
  process.stdout.write(`${packWorkspace('.', workspace, folder)}\n`)
