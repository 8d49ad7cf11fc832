// A link that lets somebody in: printed at a terminal, else left in a file that only its owner reads.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from './operator-commands.ts'

/** @param use how long and how often it works. */
export function handOutLink(dataDir: string, name: string, link: string, use: string): Outcome {
  // What is not a terminal is a log somewhere: there it would outlive its use.
  if (process.stdout.isTTY) return { text: `${link}\n${use}\n`, json: { link } }
  const file = writeLink(dataDir, name, link)
  return { text: `The link is in ${file}, readable by you only. ${use}\n`, json: { file } }
}

function writeLink(dataDir: string, name: string, link: string): string {
  const folder = join(dataDir, 'links')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const file = join(folder, name)
  writeFileSync(file, `${link}\n`, { mode: 0o600, flag: 'wx' })
  return file
}
