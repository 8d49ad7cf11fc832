// `npm test`: starts the real components that the tests use, runs them, ends the components.
// `--long`: the long proofs instead. Further words pick files by a part of their path.
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { buildDashboard } from './build-dashboard.ts'
import { ensureCommand, ensurePython } from './debian.ts'
import { runToEnd, startPostgres } from './postgres.ts'
import { makeTemplates } from './test-templates.ts'

const long = process.argv.includes('--long')
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const folders = ['server', 'guard', 'client', 'cli', 'dashboard', 'conformance', 'docs', 'examples', 'tools']
const files = globSync(folders.map((folder) => `${folder}/**/*.test.ts`))
  .filter((file) => !file.includes('node_modules') && file.endsWith('.long.test.ts') === long)
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
  .sort()

if (files.length === 0) {
  process.stderr.write('There is no such test file.\n')
  process.exit(2)
}
if (!ensureCommand('strace', 'strace')) {
  process.stdout.write(
    'Left out: the test that counts syncs. strace is not installed here, and only root with apt-get could.\n',
  )
}
if (!ensureCommand('nginx', 'nginx-light')) {
  process.stdout.write(
    'Left out: client certificates through nginx. It is not installed here, and only root with apt-get could.\n',
  )
}
if (!ensureCommand('jq', 'jq')) {
  process.stdout.write(
    'Left out: the examples of the documentation that use it. jq is not installed here, and only root with apt-get could.\n',
  )
}
if (!ensureCommand('chromium', 'chromium')) {
  process.stdout.write(
    'Left out: what people do in a browser. chromium is not installed here, and only root with apt-get could.\n',
  )
}
if (!ensurePython(['jwt', 'cryptography'], ['python3-jwt', 'python3-cryptography'])) {
  process.stdout.write(
    'Left out: the example in Python. python3-jwt is not installed here, and only root with apt-get could.\n',
  )
}
if (long && !ensureCommand('caddy', 'caddy')) {
  process.stdout.write(
    'Left out: forward-auth through Caddy. It is not installed here, and only root with apt-get could.\n',
  )
}
if (!buildDashboard()) process.exit(1)
const postgres = await startPostgres()
const templates = await makeTemplates(postgres?.url)
const timeoutMs = long ? 20 * 60_000 : 60_000
// The long proofs measure and load: one at a time. The others often wait, for a clock or a process: one more than two cores.
const concurrency = long ? 1 : Math.max(3, Math.min(8, availableParallelism()))
const code = await runToEnd(
  process.execPath,
  [
    '--test',
    '--test-force-exit',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${timeoutMs}`,
    ...files,
  ],
  {
    ...process.env,
    NODE_ENV: 'test',
    ...(long && { TEST_LONG: '1' }),
    ...(postgres && { TEST_POSTGRES_URL: postgres.url }),
    ...templates.variables,
  },
)
templates.remove()
postgres?.stop()
process.exit(code)
