// A link that is right in the repository, made right on the site.
import { posix } from 'node:path'
import type { Library } from './library.ts'

/**
 * Where a link of a Markdown file leads on the site.
 * @param file the file that holds it, e.g. `docs/guides/reuse.md`.
 * @returns undefined for a file of the repository that the site does not serve.
 */
export function resolveLink(href: string, file: string, library: Library): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(href) || href.startsWith('#') || href.startsWith('/')) return href
  const [target = '', hash] = href.split('#')
  const path = posix.normalize(posix.join(posix.dirname(file), target))
  const fragment = hash === undefined ? '' : `#${hash}`
  if (path === 'openapi.json') return `/openapi.json${fragment}`
  const page = library.byFile.get(path) ?? library.byFile.get(posix.join(path, 'README.md'))
  if (page) return page.path + fragment
  const attached = `/${path}`
  return library.attachments.has(attached) ? attached : undefined
}
