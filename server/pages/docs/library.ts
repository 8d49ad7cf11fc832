// The Markdown files of docs/: read once, when the first page is asked for. What an address names is looked up in
// this list, never in the file system.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A Markdown file of `docs/`. */
export interface Source {
  /** Its path in the repository, e.g. `docs/guides/reuse.md`. */
  file: string
  /** The address of its page. */
  path: string
  title: string
  summary: string
  text: string
}

/** A file that is served as it is. */
export interface Attachment {
  path: string
  type: string
  text: string
}

export interface Library {
  /** By address. */
  sources: ReadonlyMap<string, Source>
  /** By path in the repository. */
  byFile: ReadonlyMap<string, Source>
  attachments: ReadonlyMap<string, Attachment>
}

const root = join(import.meta.dirname, '../../../docs')

/** Their pages have no folder in the address: a guide may become reference without a dead link. */
const flatFolders = ['guides', 'reference']
const nestedFolders = ['errors', 'decisions']
const attachmentTypes: Readonly<Record<string, string>> = {
  json: 'application/json',
  conf: 'text/plain; charset=utf-8',
}

let library: Library | undefined

/** @throws {Error} when two files would have one address. */
export function openLibrary(): Library {
  library ??= readLibrary()
  return library
}

/** One Markdown file of `docs/`, without reading the others; undefined when there is none. */
export function readSource(file: string): string | undefined {
  try {
    return readFileSync(join(root, file), 'utf8')
  } catch {
    return undefined
  }
}

function readLibrary(): Library {
  const sources = new Map<string, Source>()
  const add = (name: string, path: string) => {
    if (sources.has(path)) throw new Error(`Two files of docs/ have the address ${path}.`)
    const text = readFileSync(join(root, name), 'utf8')
    sources.set(path, { file: `docs/${name}`, path, text, ...describe(text) })
  }
  add('README.md', '/docs')
  for (const folder of flatFolders)
    for (const name of markdownOf(folder)) add(`${folder}/${name}`, `/docs/${basename(name, '.md')}`)
  for (const folder of nestedFolders)
    for (const name of markdownOf(folder))
      add(`${folder}/${name}`, `/docs/${folder}${name === 'README.md' ? '' : `/${basename(name, '.md')}`}`)
  return {
    sources,
    byFile: new Map([...sources.values()].map((source) => [source.file, source])),
    attachments: readAttachments(),
  }
}

function markdownOf(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .sort()
}

function readAttachments(): Map<string, Attachment> {
  return new Map(
    readdirSync(root).flatMap((name) => {
      const type = attachmentTypes[name.split('.').pop() ?? '']
      const path = `/docs/${name}`
      return type ? [[path, { path, type, text: readFileSync(join(root, name), 'utf8') }]] : []
    }),
  )
}

/** Title and first paragraph, without marks. */
function describe(text: string): { title: string; summary: string } {
  const title = /^# (.+)$/m.exec(text)?.[1] ?? ''
  const paragraph = text
    .split(/\n{2,}/)
    .map((part) => part.trim())
    .find((part) => part !== '' && /^[\p{L}\d`*_[]/u.test(part))
  return { title: plainText(title), summary: plainText(paragraph ?? '') }
}

/** Markdown of one line without its marks. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<(https?:[^>]*)>/g, '$1')
    .replace(/[`*]|(?<!\w)_|_(?!\w)/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
