// The pages of the codes, docs/errors/CODE.md, as the program itself reads them.
import { plainText, readSource } from './library.ts'

const known = new Map<string, string[]>()

/**
 * What to do about a code, in steps, plain text: the list under "How to mend it" on its page.
 * @returns undefined for a code that we never answer.
 */
export function mendSteps(code: string): readonly string[] | undefined {
  // The code may come from a request: only what can be the name of a page is looked for.
  if (!/^[a-z_]{1,40}$/.test(code)) return undefined
  const steps = known.get(code) ?? readSteps(code)
  // What is no code is not remembered: there is no end of those.
  if (steps) known.set(code, steps)
  return steps
}

function readSteps(code: string): string[] | undefined {
  const text = readSource(`errors/${code}.md`)
  if (text === undefined) return undefined
  const section = text.split(/^## How to mend it$/m)[1]?.split(/^## /m)[0] ?? ''
  return [...section.matchAll(/^- (.*(?:\n {2}.*)*)/gm)].map(([, step = '']) =>
    plainText(withAddresses(step)),
  )
}

/** Text has no links: the address stands behind its words. */
function withAddresses(step: string): string {
  return step.replace(/\[([^\]]*)\]\(\.\.\/(?:guides|reference)\/([\w-]+)\.md\)/g, '$1 (/docs/$2)')
}
