import * as words from '../../words/index.ts'

type Members = Readonly<Record<string, unknown>> | null

/** One member of an object: what it was and is, or, of a list, what came and what went. */
export type Difference = { name: string } & (
  | { before: string | undefined; after: string }
  | { added: readonly string[]; removed: readonly string[] }
)

/** What is told of a change. A member that stayed as it was tells what the change belongs to. */
export function differencesOf({ before, after }: { before: Members; after: Members }): Difference[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...names].map((member) => {
    const name = nameOf(member)
    const [was, is] = [before?.[member], after?.[member]]
    if (isTexts(was) && isTexts(is) && textOf(was) !== textOf(is))
      return {
        name,
        added: is.filter((value) => !was.includes(value)),
        removed: was.filter((value) => !is.includes(value)),
      }
    if (before === null || textOf(was) === textOf(is)) return { name, before: undefined, after: textOf(is) }
    if (after === null) return { name, before: textOf(was), after: words.audit.gone }
    return { name, before: textOf(was), after: textOf(is) }
  })
}

/** `tokenLifetimeSeconds` as `token lifetime seconds`. */
function nameOf(member: string): string {
  return member.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ')
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return words.audit.nothing
  if (typeof value === 'boolean') return value ? words.ui.yes : words.ui.no
  if (isTexts(value)) return value.length === 0 ? words.audit.nothing : value.join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
