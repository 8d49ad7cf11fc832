// Every example of the documentation and the READMEs, run.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { type Block, blocksOf, mistakeOf, root } from './blocks.ts'
import { type ExampleClient, startExampleServer, startOwnServer } from './example-server.ts'
import { type Outcome, runPage } from './run-page.ts'

const operatorCommand = /run latchkey --/

/** What became of the examples of one file. */
export interface PageReport {
  file: string
  outcomes: readonly Outcome[]
}

export interface ExamplesReport {
  pages: readonly PageReport[]
  /** Blocks that ran, or whose text was checked against the file that a test runs. */
  executed: number
  failed: number
  /** Blocks that say why they cannot run. */
  notRun: number
  /** Blocks whose program is missing on this machine. */
  leftOut: number
  total: number
}

/** The files whose examples are run. */
export function exampleFiles(): string[] {
  return globSync(
    [
      'README.md',
      '{client,guard,cli,server,dashboard,examples,bench,conformance,conformance/client}/README.md',
      'docs/**/*.md',
    ],
    {
      cwd: root,
    },
  )
    .filter((file) => !file.includes('node_modules'))
    .sort()
}

/**
 * Runs all of them against real servers.
 * @param options `quick`: without the pages whose commands start the program again and again; those count as left out.
 */
export async function runExamples({ quick = false } = {}): Promise<ExamplesReport> {
  const files = exampleFiles().map((file) => ({ file, blocks: blocksOf(file) }))
  const shared = await startExampleServer(
    files.filter(({ blocks }) => runnable(blocks).some(needsServer)).map(({ file }) => file),
  )
  // Pages with a server of their own take longest, so they come first.
  const waiting = files
    .filter(({ blocks }) => blocks.length > 0)
    .toSorted((one, other) => weight(other.blocks) - weight(one.blocks))
  const pages: PageReport[] = []
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { file, blocks } = next
      const outcomes =
        quick && weight(blocks) > 1
          ? blocks.map((block) => ({ block, leftOut: 'it starts the program many times' }))
          : await outcomesOf(blocks, shared.get(file))
      pages.push({ file, outcomes })
    }
  }
  try {
    await Promise.all([work(), work()])
  } finally {
    await [...shared.values()][0]?.stop()
  }
  return count(pages.toSorted((one, other) => (one.file < other.file ? -1 : 1)))
}

async function outcomesOf(blocks: readonly Block[], client: ExampleClient | undefined): Promise<Outcome[]> {
  const written = blocks.flatMap((block): Outcome[] => {
    const failure = mistakeOf(block) ?? setUpMistake(block)
    if (failure !== undefined) return [{ block, failure }]
    return block.source !== undefined || block.notRun !== undefined ? [{ block }] : []
  })
  const rest = runnable(blocks).filter((block) => !written.some((outcome) => outcome.block === block))
  if (rest.length === 0) return written
  if (!ownsServer(rest)) return [...written, ...(client ? await runPage(rest, client) : parsed(rest))]
  const server = await startOwnServer(rest.find(isSetUp)?.text)
  try {
    return [...written, ...(await runPage(rest, server))]
  } finally {
    await server.stop()
  }
}

/** Commands of an operator, or a set-up of its own: nothing that other pages should meet. */
function ownsServer(blocks: readonly Block[]): boolean {
  const rest = runnable(blocks)
  const hasCommands = rest.some(({ language }) => language === 'sh')
  return hasCommands && rest.some((block) => isSetUp(block) || operatorCommand.test(block.text))
}

/** By its commands of an operator: each starts the program. */
function weight(blocks: readonly Block[]): number {
  return runnable(blocks).filter(({ text }) => operatorCommand.test(text)).length
}

function runnable(blocks: readonly Block[]): Block[] {
  return blocks.filter(({ notRun, source }) => notRun === undefined && source === undefined)
}

function needsServer({ language }: Block): boolean {
  return language !== 'json'
}

/** A page that only shows JSON needs no server. */
function parsed(blocks: readonly Block[]): Outcome[] {
  return blocks.map((block) => {
    try {
      JSON.parse(block.text)
      return { block }
    } catch (error) {
      return { block, failure: String(error) }
    }
  })
}

function isSetUp({ language, text }: Block): boolean {
  return language === 'json' && /^ {2}"(accounts|apis)": \[/m.test(text)
}

const setUpIsValid = new Ajv({ strict: false, formats: { date: true, uri: true } }).compile(
  JSON.parse(readFileSync(join(root, 'docs/declared-setup.schema.json'), 'utf8')),
)

/** A declared set-up must be one. */
function setUpMistake(block: Block): string | undefined {
  if (!isSetUp(block) || setUpIsValid(JSON.parse(block.text))) return undefined
  return `it is no declared set-up: ${JSON.stringify(setUpIsValid.errors)}`
}

function count(pages: readonly PageReport[]): ExamplesReport {
  const outcomes = pages.flatMap((page) => page.outcomes)
  const notRun = outcomes.filter(({ block, failure }) => !failure && block.notRun !== undefined).length
  const leftOut = outcomes.filter((outcome) => outcome.leftOut !== undefined).length
  const failed = outcomes.filter(({ failure }) => failure !== undefined).length
  const total = outcomes.length
  return { pages, failed, notRun, leftOut, total, executed: total - notRun - leftOut - failed }
}
