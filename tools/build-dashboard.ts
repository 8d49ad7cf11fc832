// `npm run build`, and before every start and test: builds the dashboard when what it is made of has changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = join(import.meta.dirname, '..')
const marker = join(root, 'dashboard/dist/.built-from')

/** Everything that the build reads. */
function sources(): string {
  const hash = createHash('sha256')
  const files = globSync('dashboard/**/*.{ts,tsx,css,html,json}', {
    cwd: root,
    exclude: (name) => ['node_modules', 'dist', 'e2e'].includes(name),
  })
  for (const file of [...files.filter((name) => !name.includes('.test.')).sort(), 'package-lock.json'])
    hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** @returns false when it could not be built; the build says why. */
export function buildDashboard(): boolean {
  const now = sources()
  if (existsSync(marker) && readFileSync(marker, 'utf8') === now) return true
  process.stdout.write('Latchkey: building the dashboard (a few seconds, when it has changed)\n')
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'dashboard'),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) return false
  compress(join(root, 'dashboard/dist/assets'))
  writeFileSync(marker, now)
  return true
}

/** Once, when it is built, instead of with every answer: the server sends what is there. */
function compress(folder: string): void {
  for (const name of readdirSync(folder).filter((file) => /\.(js|css)$/.test(file))) {
    const file = join(folder, name)
    const bytes = readFileSync(file)
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
    const parameters = {
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    }
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: parameters }))
  }
}

if (import.meta.main && !buildDashboard()) process.exit(1)
