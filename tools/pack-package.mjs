// Before and after `npm pack`: a published package holds JavaScript and declarations, because Node strips no types
// under node_modules. In the repository its `exports` name the sources, and `npm pack -w client` finds them in dist/.
// Plain JavaScript that older versions of Node can read too.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const manifest = 'package.json'
const kept = 'package.json.kept'
const config = 'tsconfig.pack.json'

const task = process.argv[2]
if (task === 'before') prepare()
else if (task === 'after') restore()
else {
  process.stderr.write('Say before or after. npm pack does.\n')
  process.exit(2)
}

function prepare() {
  // What an interrupted run left behind.
  if (existsSync(kept)) restore()
  const source = JSON.parse(readFileSync(manifest, 'utf8'))
  compile(Object.values(source.exports))
  copyFileSync(manifest, kept)
  copyFileSync(join(root, 'LICENSE'), 'LICENSE')
  writeFileSync(manifest, `${JSON.stringify(published(source), null, 2)}\n`)
}

function restore() {
  if (existsSync(kept)) renameSync(kept, manifest)
  rmSync('LICENSE', { force: true })
  rmSync('dist', { recursive: true, force: true })
}

/** @param entries the sources that the package exports, each relative to it. */
function compile(entries) {
  rmSync('dist', { recursive: true, force: true })
  const compilerOptions = {
    noEmit: false,
    outDir: 'dist',
    rootDir: '.',
    target: 'es2022',
    declaration: true,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
  }
  const settings = { extends: join(root, 'tsconfig.json'), compilerOptions, files: entries, include: [] }
  writeFileSync(config, JSON.stringify(settings))
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' })
  rmSync(config)
  if (status !== 0) process.exit(1)
}

/** The manifest as those see it who install the package. */
function published({ private: _, scripts: __, devDependencies: ___, exports: entries, ...rest }) {
  const exports = Object.fromEntries(
    Object.entries(entries).map(([name, file]) => {
      const built = file.replace(/^\.\//, './dist/').replace(/\.ts$/, '')
      return [name, { types: `${built}.d.ts`, default: `${built}.js` }]
    }),
  )
  return { ...rest, exports: { ...exports, './package.json': './package.json' } }
}
