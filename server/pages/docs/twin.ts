// The Markdown twin of a page: as a program wants to read it, with whole links.
import { fillUrl } from './fill.ts'
import type { Library } from './library.ts'
import { resolveLink } from './links.ts'

/**
 * @param file the file of the source: links are relative to it.
 * @param publicUrl the origin of this server.
 */
export function twinOf(text: string, file: string, library: Library, publicUrl: string): string {
  const outside = (part: string) =>
    part
      .replace(/^<!--.*?-->\n*/gms, '')
      .replace(/\[([^\]]*)\]\(([^)\s]+)\)/g, (_whole, label: string, href: string) => {
        const target = resolveLink(href, file, library)
        return target === undefined ? label : `[${label}](${absolute(target, publicUrl)})`
      })
  // Code stays as it is: what looks like a link there is none.
  return fillUrl(
    text
      .split(/(^```.*?^```$)/ms)
      .map((part) => (part.startsWith('```') ? part.replace(/^```(\w*)[^\n]*/, '```$1') : outside(part)))
      .join(''),
    publicUrl,
  )
}

/** Links of a twin lead to twins. */
function absolute(target: string, publicUrl: string): string {
  if (!target.startsWith('/')) return target
  const [path = '', hash] = target.split('#')
  // The viewer is a program, not a text.
  const isPage = /^\/docs(\/[^.]*)?$/.test(path) && path !== '/docs/api/try'
  return `${publicUrl}${path}${isPage ? '.md' : ''}${hash === undefined ? '' : `#${hash}`}`
}
