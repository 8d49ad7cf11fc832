// `npm start`, `npm test` and the others begin here: brings what is missing, then runs the task with the
// project's own Node. Plain JavaScript that older versions of Node can read too.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const marker = join(root, 'node_modules', '.installed-lock')
const oldestNode = 24

const tasks = {
  // A small young generation keeps an idle server under 150 MB; tokens are short-lived either way.
  start: ['--max-semi-space-size=8', 'server/main.ts'],
  test: ['tools/test.ts'],
  'test:long': ['tools/test.ts', '--long'],
  check: ['tools/check.ts'],
  try: ['cli/main.ts', 'try'],
  bench: ['bench/run.ts'],
  conformance: ['conformance/run.ts'],
  'first-five-minutes': ['tools/first-five-minutes/run.ts'],
  generate: ['tools/generate.ts'],
  build: ['tools/build-dashboard.ts'],
  pack: ['tools/pack.ts'],
  // The command line; its words follow.
  latchkey: ['cli/main.ts'],
}

/** What serves the dashboard. */
const serving = ['start', 'test', 'test:long', 'check', 'bench', 'first-five-minutes']

const [task, ...rest] = process.argv.slice(2)
if (!Object.hasOwn(tasks, task)) {
  process.stderr.write(`Unknown task ${task}. There are: ${Object.keys(tasks).join(', ')}.\n`)
  process.exit(2)
}
const calledFrom = process.cwd()
process.chdir(root)
install()
if (serving.includes(task) || (task === 'latchkey' && rest[0] === 'start')) build()
// Files that a command names are meant from where it was called.
if (task === 'latchkey') process.chdir(calledFrom)
run(projectNode(), [...atRoot(tasks[task]), ...rest])

function install() {
  const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')
  if (isInstalled(lock)) return
  // What a command answers is for programs: nothing else stands in it.
  process.stderr.write(
    'Latchkey: installing its packages and its own Node with npm ci (once; under a minute)\n',
  )
  // Until it is done nothing vouches for what is there: it may be cut off in the middle.
  rmSync(marker, { force: true })
  const npm = process.env.npm_execpath
  const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const done = npm
    ? spawnSync(process.execPath, [npm, ...options], { stdio: ['ignore', 'ignore', 'inherit'] })
    : spawnSync('npm', options, {
        stdio: ['ignore', 'ignore', 'inherit'],
        shell: process.platform === 'win32',
      })
  if (done.status !== 0) {
    process.stderr.write(
      'The installation failed; npm says why above. Check the network, then run the command again.\n',
    )
    process.exit(1)
  }
  writeFileSync(marker, lock)
}

/** The dashboard, when it has changed since it was built. */
function build() {
  const { status } = spawnSync(projectNode(), ['tools/build-dashboard.ts'], { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

/** True when node_modules holds what the lock file says. */
function isInstalled(lock) {
  // npm writes it last.
  const installed = join('node_modules', '.package-lock.json')
  if (!existsSync(installed)) return false
  if (existsSync(marker)) return readFileSync(marker, 'utf8') === lock
  return statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs
}

/** Programs of ours are found from wherever a command was called. */
function atRoot(words) {
  return words.map((word) => (/\.ts$/.test(word) ? join(root, word) : word))
}

/** Node 26 comes as a package; where there is none for this machine, a recent enough system's Node will do. */
function projectNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const path = join(
    root,
    'node_modules',
    `node-${platform}-${process.arch}`,
    'bin',
    platform === 'win' ? 'node.exe' : 'node',
  )
  if (existsSync(path)) return path
  if (Number(process.versions.node.split('.')[0]) >= oldestNode) return process.execPath
  process.stderr.write(
    `Latchkey needs Node ${oldestNode} or later. It brings its own for Linux, macOS and Windows, but not for ${platform}-${process.arch}; this one is ${process.version}. Install a newer Node and run the command again.\n`,
  )
  process.exit(1)
}

function run(node, args) {
  const path = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`
  // With the cache TypeScript is stripped once and not at every start: faster, and 25 MB less.
  const cache = join(root, 'node_modules', '.cache', 'compiled')
  const env = { NODE_COMPILE_CACHE: cache, ...process.env, PATH: path }
  const child = spawn(node, args, { stdio: 'inherit', env })
  // Ctrl-C reaches the child by itself: both are in the terminal's group. Other signals are passed on.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
}
