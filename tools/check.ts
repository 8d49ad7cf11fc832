// `npm run check`: format, lint, types, then the tests (which include stale files and import rules).
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const bin = (name: string) => join('node_modules', '.bin', name)
const steps: [string, string, string[]][] = [
  ['format and lint', bin('biome'), ['ci', '.']],
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['tests', process.execPath, ['tools/test.ts']],
]

for (const [name, command, args] of steps) {
  process.stdout.write(`\n== ${name}\n`)
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status === 0) continue
  process.stderr.write(`\nThe check stops at: ${name}.\n`)
  process.exit(1)
}
