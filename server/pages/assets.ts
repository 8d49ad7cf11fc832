// The files that every page loads; our own, nothing from elsewhere.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The style sheet of all pages. */
export function readPageStyle(): string {
  return ['page.css', 'docs/docs.css']
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('\n')
}

/** The mark: a latch bar with its key-hole. */
export const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5d55"/><circle cx="16" cy="12.5" r="4.5" fill="none" stroke="#fff" stroke-width="2.6"/><path d="M16 17v8.5M16 21.5h4.5" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/></svg>
`
