// The fenced blocks of a Markdown file, and what is to be done with each.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A fenced block of code. */
export interface Block {
  /** The file, from the root of the repository. */
  file: string
  /** The line of its fence. */
  line: number
  language: string
  text: string
  /** Why it cannot run, from `not-run: …` behind the language. */
  notRun: string | undefined
  /** The file whose text it must be, from `<!-- file: … -->` before it. */
  source: string | undefined
}

/** Output, not to be run. */
const outputs = ['text', 'console']

/** Everything that can be run or checked here. */
const known = ['sh', 'ts', 'js', 'python', 'json', 'http', ...outputs]

export const root = join(import.meta.dirname, '../..')

/** The blocks of a file that hold an example; output is left out. */
export function blocksOf(file: string): Block[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  const blocks: Block[] = []
  let open: { block: Block; indent: string; lines: string[] } | undefined
  for (const [index, line] of lines.entries()) {
    const fence = /^(?<indent>\s*)```(?<info>.*)$/.exec(line)?.groups
    if (open) {
      if (fence?.info === '') {
        blocks.push({ ...open.block, text: `${open.lines.join('\n')}\n` })
        open = undefined
      } else open.lines.push(line.slice(open.indent.length))
    } else if (fence) {
      const [language = '', ...rest] = (fence.info ?? '').trim().split(/\s+/)
      const words = rest.join(' ')
      const before = lines.slice(0, index).findLast((text) => text.trim() !== '')
      open = {
        block: {
          ...{ file, line: index + 1, language, text: '' },
          notRun: words.startsWith('not-run') ? words.replace(/^not-run:?\s*/, '') : undefined,
          source: /^<!-- file: (\S+) -->$/.exec(before?.trim() ?? '')?.[1],
        },
        indent: fence.indent ?? '',
        lines: [],
      }
    }
  }
  return blocks.filter(({ language }) => !outputs.includes(language))
}

/** What is wrong with a block as it is written; undefined: nothing. */
export function mistakeOf(block: Block): string | undefined {
  const { language, notRun, source, text } = block
  if (notRun !== undefined) return notRun === '' ? 'not-run needs a reason' : undefined
  if (source !== undefined) {
    if (!existsSync(join(root, source))) return `there is no file ${source}`
    return readFileSync(join(root, source), 'utf8').trim() === text.trim()
      ? undefined
      : `it differs from ${source}`
  }
  if (language === '') return 'it names no language'
  return known.includes(language)
    ? undefined
    : `${language} is not run here: show a file of examples/ by <!-- file: … -->`
}
