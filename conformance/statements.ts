// Reads the table of README.md: the one list of statements, and where each is checked.
import { globSync, readFileSync } from 'node:fs'

export interface Statement {
  number: number
  text: string
  section: string
  /** Test files in this folder. */
  files: string[]
  /** `pass`, `later: …` or another reason. */
  state: string
}

export function readStatements(): Statement[] {
  const text = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  return text.split('\n').flatMap((line) => {
    const [, number = '', words = '', section = '', files = '', state = ''] = line
      .split('|')
      .map((cell) => cell.trim())
    if (!/^\d+$/.test(number)) return []
    const names = [...files.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
    return { number: Number(number), text: words, section, files: names, state }
  })
}

/** The test files of the suite; the long proofs only when they are asked for. */
export function testFiles(long: boolean): string[] {
  return globSync('*.test.ts', { cwd: import.meta.dirname })
    .filter((file) => long || !file.endsWith('.long.test.ts'))
    .sort()
}

/** The statements that a test file checks, as its text says. */
export function statementsIn(file: string): Set<number> {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  const direct = [...text.matchAll(/\brequirement\(\s*(\d+),/g)].map((match) => Number(match[1]))
  // Tables whose first column is the statement: `[72, 'what', …]`.
  const tabled = /\brequirement\(\s*statement,/.test(text)
    ? [...text.matchAll(/^\s*\[\s*(\d+),\s*['"`]/gm)].map((match) => Number(match[1]))
    : []
  return new Set([...direct, ...tabled])
}
