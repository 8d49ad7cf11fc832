// Runs the examples of one page as its reader would.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fillUrl } from '../../server/pages/docs/fill.ts'
import { type Block, root } from './blocks.ts'
import { type ExampleClient, exampleScopes } from './example-server.ts'
import { sendHttp } from './send-http.ts'

/** What became of a block; no failure: it worked. */
export interface Outcome {
  block: Block
  failure?: string
  /** Why it was left out on this machine. */
  leftOut?: string
}

/** What examples use of the repository: commands run in it, packages are found from it. */
const linked = ['server', 'cli', 'client', 'guard', 'docs', 'examples', 'node_modules']

const has = (program: string, argument = '--version') => spawnSync(program, [argument]).status === 0
const hasJq = has('jq')
const hasPython = has('python3')

/** @param blocks those of one file that can be run. */
export async function runPage(blocks: readonly Block[], client: ExampleClient): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-example-'))
  for (const name of linked) symlinkSync(join(root, name), join(folder, name))
  writeCommands(join(folder, 'bin'))
  writeFileSync(join(folder, 'contract.pdf'), '%PDF-1.7\n%%EOF\n')
  const session = { folder, client, env: environmentOf(client, folder) }
  try {
    const shell = await runShell(
      blocks.filter(({ language }) => language === 'sh'),
      session,
    )
    const others: Outcome[] = []
    for (const block of blocks.filter(({ language }) => language !== 'sh'))
      others.push(await runOther(block, session))
    return [...shell, ...others]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * `npm run latchkey --` and `npx --no-install latchkey`, without the installation that npm may begin with: in this folder
 * it would go through a link into the packages of the repository. Nothing else is run by npm here.
 */
function writeCommands(folder: string): void {
  const tasks = readFileSync(join(root, 'tools/setup.mjs'), 'utf8')
  const program = /^ {2}latchkey: \['([^']+)'/m.exec(tasks)?.[1]
  mkdirSync(folder)
  for (const [name, words] of [
    ['npm', 'run latchkey --'],
    ['npx', '--no-install latchkey'],
  ] as const) {
    const count = words.split(' ').length
    const lines = [
      '#!/usr/bin/env bash',
      `[ "\${*:1:${count}}" = "${words}" ] || { echo "${name} $*: examples do not run this, say not-run and why" >&2; exit 2; }`,
      `exec "${process.execPath}" "${join(root, program ?? '')}" "\${@:${count + 1}}"`,
    ]
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
    chmodSync(join(folder, name), 0o755)
  }
}

interface Session {
  folder: string
  client: ExampleClient
  env: Record<string, string>
}

function environmentOf({ url, clientId, clientSecret, dataDir }: ExampleClient, home: string) {
  const cache = process.env.NODE_COMPILE_CACHE
  return {
    ...{
      PATH: `${join(home, 'bin')}:${process.env.PATH}`,
      HOME: home,
      ...(cache && { NODE_COMPILE_CACHE: cache }),
    },
    ...{ LATCHKEY_URL: url, LATCHKEY_CLIENT_ID: clientId, LATCHKEY_CLIENT_SECRET: clientSecret },
    ...{ LATCHKEY_SCOPES: exampleScopes, LATCHKEY_DATA_DIR: dataDir },
  }
}

/** In one bash, as a reader pastes one after the other. A call that is refused fails its block. */
async function runShell(blocks: readonly Block[], { folder, client, env }: Session): Promise<Outcome[]> {
  if (blocks.length === 0) return []
  if (!hasJq && blocks.some(({ text }) => /\bjq\b/.test(text)))
    return blocks.map((block) => ({ block, leftOut: 'jq is not installed' }))
  const mark = join(folder, '.block')
  const script = [
    'set -euo pipefail',
    'curl() { command curl --fail-with-body --silent --show-error "$@"; }',
    ...blocks.map(({ text }, index) => `echo ${index} > "${mark}"\n${fillUrl(text, client.url)}`),
  ].join('\n')
  const { code, output } = await run('bash', ['-c', script], folder, env)
  if (code === 0) return blocks.map((block) => ({ block }))
  const failed = Number(readFileSync(mark, 'utf8'))
  return blocks.map((block, index) => {
    if (index < failed) return { block }
    return { block, failure: index === failed ? output.slice(-2000) : 'a block before it failed' }
  })
}

async function runOther(block: Block, { folder, client, env }: Session): Promise<Outcome> {
  const { language } = block
  const text = fillUrl(block.text, client.url)
  if (language === 'json') return outcome(block, () => JSON.parse(text))
  if (language === 'http') return outcome(block, () => sendHttp(text, client))
  if (language === 'python' && !hasPython) return { block, leftOut: 'python3 is not installed' }
  const [program, args] =
    language === 'python'
      ? ['python3', ['-c', text]]
      : [
          process.execPath,
          [`--input-type=${language === 'ts' ? 'module-typescript' : 'module'}`, '--eval', text],
        ]
  return outcome(block, async () => {
    const { code, output } = await run(program, args, folder, env)
    if (code !== 0) throw new Error(`ended with ${code}: ${output.slice(-2000)}`)
  })
}

async function outcome(block: Block, attempt: () => unknown): Promise<Outcome> {
  try {
    await attempt()
    return { block }
  } catch (error) {
    return { block, failure: error instanceof Error ? error.message : String(error) }
  }
}

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}
