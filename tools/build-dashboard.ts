// `npm run build`, and before every start and test: builds the dashboard when what it is made of has changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dashboard/dist')
const marker = '.built-from'

/** Everything that the build reads. */
function sources(): string {
  const hash = createHash('sha256')
  const files = globSync('dashboard/**/*.{ts,tsx,css,html,json}', {
    cwd: root,
    exclude: (name) => ['node_modules', 'dist', 'e2e', '.cache'].includes(name),
  })
  for (const file of [...files.filter((name) => !name.includes('.test.')).sort(), 'package-lock.json'])
    hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** @returns false when it could not be built; the build says why. */
export function buildDashboard(): boolean {
  const now = sources()
  if (isBuiltFrom(now)) return true
  process.stdout.write('Latchkey: building the dashboard (a few seconds, when it has changed)\n')
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  // Aside, because a start and a test may build at the same time: neither ever sees half of the other's.
  const aside = join(root, `dashboard/.cache/build-${process.pid}`)
  try {
    const options = ['build', '--logLevel', 'warn', '--outDir', aside, '--emptyOutDir']
    const { status } = spawnSync(process.execPath, [vite, ...options], {
      cwd: join(root, 'dashboard'),
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    if (status !== 0) return false
    compress(join(aside, 'assets'))
    writeFileSync(join(aside, marker), now)
    return putInPlace(aside, now)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

function isBuiltFrom(now: string): boolean {
  const file = join(dist, marker)
  return existsSync(file) && readFileSync(file, 'utf8') === now
}

/** @returns true also when another build of the same sources came first. */
function putInPlace(aside: string, now: string): boolean {
  if (isBuiltFrom(now)) return true
  rmSync(dist, { recursive: true, force: true })
  try {
    renameSync(aside, dist)
    return true
  } catch (error) {
    if (isBuiltFrom(now)) return true
    throw error
  }
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
