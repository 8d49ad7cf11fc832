// The code that the dashboard recommends to who wastes tokens is that of the guide, whose examples are run by a test.
import { fillUrl } from './fill.ts'
import { readSource } from './library.ts'

/** Code that keeps its token: with the SDK, and with nothing but fetch. @throws {Error} when the guide lost it. */
export function reuseExamples(publicUrl: string): { sdk: string; fetch: string } {
  const guide = readSource('guides/reuse.md') ?? ''
  const block = (language: string) => {
    const found = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(guide)?.[1]
    if (found === undefined) throw new Error(`docs/guides/reuse.md has no example in ${language}.`)
    return fillUrl(found.trimEnd(), publicUrl)
  }
  return { sdk: block('ts'), fetch: block('js') }
}
