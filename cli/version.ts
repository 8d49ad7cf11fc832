import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

const { version }: { version: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'),
)

export { version }

/** How the program names itself: the list of sessions shows it. */
export const userAgent = `latchkey-cli/${version} (${process.platform}; ${cleanHost()})`

function cleanHost(): string {
  return (
    hostname()
      .replace(/[^\w.-]/g, '')
      .slice(0, 60) || 'unknown'
  )
}
